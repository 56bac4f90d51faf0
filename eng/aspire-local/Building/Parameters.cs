using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.ApplicationModel
{
    public abstract class ParameterDefault
    {
        public abstract string GetDefaultValue();
    }

    public sealed class GenerateParameterDefault : ParameterDefault
    {
        public int MinLength { get; set; } = 22;

        public bool Lower { get; set; } = true;

        public bool Upper { get; set; } = true;

        public bool Numeric { get; set; } = true;

        public bool Special { get; set; } = true;

        public override string GetDefaultValue()
        {
            string[] classes = [
                Lower ? "abcdefghjkmnpqrstuvwxyz" : "", Upper ? "ABCDEFGHJKMNPQRSTUVWXYZ" : "",
                Numeric ? "0123456789" : "", Special ? "-_.~" : ""];
            var oneOfEach = classes.Where(c => c.Length > 0).Select(c => RandomNumberGenerator.GetItems<char>(c, 1)[0]).ToArray();
            var rest = RandomNumberGenerator.GetItems<char>(string.Concat(classes), Math.Max(0, MinLength - oneOfEach.Length));
            char[] all = [.. oneOfEach, .. rest];
            RandomNumberGenerator.Shuffle<char>(all);
            return new(all);
        }
    }

    public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : Resource(name), IExpressionValue
    {
        private readonly Lock _lock = new();
        private string? _value;

        public ParameterDefault? Default { get; set; }

        public bool Secret => secret;

        public string ValueExpression => $"{{{Name}.value}}";

        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
        {
            lock (_lock) return ValueTask.FromResult<string?>(_value ??= callback(Default));
        }
    }
}

namespace Aspire.Hosting
{
    public static class ParameterResourceBuilderExtensions
    {
        public static IResourceBuilder<ParameterResource> AddParameter(
            this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
            builder.Add(name, $"Parameters:{name}", secret);

        public static IResourceBuilder<ParameterResource> AddParameter(
            this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
            builder.AddParameter(name, () => value, publishValueAsDefault, secret);

        public static IResourceBuilder<ParameterResource> AddParameter(
            this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false,
            bool secret = false) => builder.AddResource(new ParameterResource(name, _ => valueGetter(), secret));

        /// <summary>A persisted value lies in the data folder, not in user secrets: a second clone beside the first must not share it.</summary>
        public static IResourceBuilder<ParameterResource> AddParameter(
            this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
            builder.AddResource(builder.Generated(name, value, secret, persist));

        public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
            this IDistributedApplicationBuilder builder, string name, string configurationKey, bool secret = false) =>
            builder.Add(name, configurationKey, secret);

        internal static ParameterResource Generated(
            this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret, bool persist)
        {
            var machine = ((ILocalBuilder)builder).Machine;
            return new ParameterResource(
                name,
                fallback => builder.Configuration[$"Parameters:{name}"]
                    ?? (persist ? machine.Persisted(name, fallback!.GetDefaultValue) : fallback!.GetDefaultValue()),
                secret)
            { Default = value };
        }

        private static IResourceBuilder<ParameterResource> Add(
            this IDistributedApplicationBuilder builder, string name, string key, bool secret) =>
            builder.AddResource(new ParameterResource(
                name,
                _ => builder.Configuration[key] ?? throw new DistributedApplicationException(
                    $"Parameter '{name}' has no value: set the configuration key '{key}'."),
                secret));
    }
}
