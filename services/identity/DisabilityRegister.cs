using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>What the register says of a certificate.</summary>
/// <param name="AreaCode">The city that keeps the person's file, GB/T 2260.</param>
/// <param name="Category">1 sight … 7 several.</param>
/// <param name="Grade">1, the heaviest, to 4.</param>
public sealed record DisabilityEntry(string Name, string AreaCode, int Category, int Grade, DateOnly? ValidUntil);

/// <param name="Reached">Whether the register gave an answer that can be believed. Without one nothing is known: neither yes nor no.</param>
/// <param name="Entry">Null when the register has no such certificate.</param>
public sealed record RegisterAnswer(bool Reached, DisabilityEntry? Entry);

/// <summary>中国残联's register of disability certificates.</summary>
public interface IDisabilityRegister
{
    /// <param name="areaPath">Where the application is handled: the register need not be connected for every province.</param>
    Task<RegisterAnswer> FindAsync(string certificate, string areaPath, CancellationToken cancellationToken);
}

/// <summary>Section <c>Identity:DisabilityRegister</c>; without an address it is not asked, and what staff imported decides.</summary>
public sealed class DisabilityRegisterSettings : IValidatableObject
{
    public const string Section = "Identity:DisabilityRegister";

    public Uri? BaseAddress { get; set; }
    public string Secret { get; set; } = "";

    /// <summary>Provinces that it is connected for, 110000; empty: all.</summary>
    public string[] Provinces { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BaseAddress is not null && Secret.Length < 16) yield return new("Identity__DisabilityRegister__Secret is shared with the register and takes 16 characters or more.");
    }

    public bool Serves(string areaPath)
    {
        ArgumentNullException.ThrowIfNull(areaPath);
        return BaseAddress is not null && (Provinces.Length == 0 || Provinces.Contains(areaPath.Split('/')[0]));
    }
}

public static class DisabilityRegisters
{
    public static IServiceCollection AddDisabilityRegister(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<DisabilityRegisterSettings>, DisabilityRegisterSettingsValidator>();
        services.AddOptions<DisabilityRegisterSettings>().BindConfiguration(DisabilityRegisterSettings.Section).ValidateOnStart();
        services.AddHttpClient<IDisabilityRegister, DisabilityRegisterClient>(DisabilityRegisterClient.Configure);
        return services;
    }
}

[OptionsValidator]
internal sealed partial class DisabilityRegisterSettingsValidator : IValidateOptions<DisabilityRegisterSettings>;

/// <summary>The register as the sandbox speaks it (sandbox/README.md): the real one's interface is not public, and this class is all that will change when it is known.</summary>
internal sealed class DisabilityRegisterClient(HttpClient http, IOptions<DisabilityRegisterSettings> settings, TimeProvider clock, ILogger<DisabilityRegisterClient> log) : IDisabilityRegister
{
    private const string Path = "/disability-register/check";
    private static readonly RegisterAnswer Unreachable = new(false, null);

    private sealed record Answer(bool Found, string? Name, string? AreaCode, int? Category, int? Grade, DateOnly? ValidUntil);

    public static void Configure(IServiceProvider services, HttpClient http) =>
        (http.BaseAddress, http.Timeout) = (services.GetRequiredService<IOptions<DisabilityRegisterSettings>>().Value.BaseAddress, SharedSecretHttp.Patience);

    public async Task<RegisterAnswer> FindAsync(string certificate, string areaPath, CancellationToken cancellationToken)
    {
        if (!settings.Value.Serves(areaPath)) return Unreachable;
        try
        {
            var answer = await http.Ask<Answer>(Path, new { certificate }, settings.Value.Secret, clock, cancellationToken);
            return answer switch
            {
                { Found: false } => new(true, null),
                { Name.Length: > 0, AreaCode.Length: 6, Category: >= 1 and <= 7 and var category, Grade: >= 1 and <= 4 and var grade } =>
                    new(true, new(answer.Name, answer.AreaCode, category, grade, answer.ValidUntil)),
                _ => throw new JsonException("the answer is not whole"),
            };
        }
        catch (Exception e) when (SharedSecretHttp.IsNoAnswer(e, cancellationToken))
        {
            log.LogWarning("The disability register gave no answer: {Kind} {Status}", e.GetType().Name, (e as HttpRequestException)?.StatusCode); // never its words: they can be personal
            return Unreachable;
        }
    }
}
