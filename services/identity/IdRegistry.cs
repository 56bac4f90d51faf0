using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>What the national registry says of a number and a name.</summary>
public enum IdAnswer
{
    Match,
    NameDiffers,
    NoSuchNumber,

    /// <summary>It does not hold documents of this type.</summary>
    CannotCheck,
}

/// <summary>The national registry of resident IDs (公安部人口信息).</summary>
public interface IIdRegistry
{
    /// <returns>Null when there was no answer that can be believed: nothing is known.</returns>
    Task<IdAnswer?> CheckAsync(IdentityFacts identity, CancellationToken cancellationToken);
}

/// <summary>Section <c>Identity:IdRegistry</c>.</summary>
public sealed class IdRegistrySettings
{
    public const string Section = "Identity:IdRegistry";

    [Required(ErrorMessage = "Set Identity__IdRegistry__BaseAddress to the national ID registry's http(s) address.")]
    public Uri? BaseAddress { get; set; }

    [Required(ErrorMessage = "Set Identity__IdRegistry__Secret to the secret shared with the registry."), MinLength(16, ErrorMessage = "Identity__IdRegistry__Secret takes 16 characters or more.")]
    public string Secret { get; set; } = "";
}

public static class IdRegistries
{
    public static IServiceCollection AddIdRegistry(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<IdRegistrySettings>, IdRegistrySettingsValidator>();
        services.AddOptions<IdRegistrySettings>().BindConfiguration(IdRegistrySettings.Section).ValidateOnStart();
        services.AddHttpClient<IIdRegistry, IdRegistryClient>((provider, http) => (http.BaseAddress, http.Timeout) = (provider.GetRequiredService<IOptions<IdRegistrySettings>>().Value.BaseAddress, SharedSecretHttp.Patience));
        return services;
    }
}

[OptionsValidator]
internal sealed partial class IdRegistrySettingsValidator : IValidateOptions<IdRegistrySettings>;

/// <summary>The registry as the sandbox speaks it: this class is all that will change when the real one's interface is known.</summary>
internal sealed class IdRegistryClient(HttpClient http, IOptions<IdRegistrySettings> settings, TimeProvider clock, ILogger<IdRegistryClient> log) : IIdRegistry
{
    private sealed record Answer(IdAnswer? Result);

    public async Task<IdAnswer?> CheckAsync(IdentityFacts identity, CancellationToken cancellationToken)
    {
        try
        {
            var question = new { documentType = JsonNamingPolicy.CamelCase.ConvertName(identity.DocumentType.ToString()), number = identity.DocumentNumber, name = identity.Name };
            return (await http.Ask<Answer>("/id-registry/check", question, settings.Value.Secret, clock, cancellationToken)).Result;
        }
        catch (Exception e) when (SharedSecretHttp.IsNoAnswer(e, cancellationToken))
        {
            log.LogWarning("The national ID registry gave no answer: {Kind} {Status}", e.GetType().Name, (e as HttpRequestException)?.StatusCode); // never its words: they can be personal
            return null;
        }
    }
}
