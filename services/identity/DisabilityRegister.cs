using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
    Task<RegisterAnswer> FindAsync(string certificate, CancellationToken cancellationToken);
}

/// <summary>Section <c>Identity:DisabilityRegister</c>.</summary>
public sealed class DisabilityRegisterSettings
{
    public const string Section = "Identity:DisabilityRegister";

    [Required(ErrorMessage = "Set Identity__DisabilityRegister__BaseAddress to the register's http(s) address.")]
    public Uri? BaseAddress { get; set; }

    [Required(ErrorMessage = "Set Identity__DisabilityRegister__Secret to the secret shared with the register."), MinLength(16, ErrorMessage = "Identity__DisabilityRegister__Secret takes 16 characters or more.")]
    public string Secret { get; set; } = "";
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

    /// <summary>Below the 5 s that a caller of ours waits: it is to be told, not left alone.</summary>
    public static void Configure(IServiceProvider services, HttpClient http) =>
        (http.BaseAddress, http.Timeout) = (services.GetRequiredService<IOptions<DisabilityRegisterSettings>>().Value.BaseAddress, TimeSpan.FromSeconds(4));

    public async Task<RegisterAnswer> FindAsync(string certificate, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Signed(JsonSerializer.Serialize(new { certificate }));
            using var response = await http.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            var answer = await JsonSerializer.DeserializeAsync<Answer>(await response.Content.ReadAsStreamAsync(cancellationToken), JsonSerializerOptions.Web, cancellationToken);
            return answer switch
            {
                { Found: false } => new(true, null),
                { Name.Length: > 0, AreaCode.Length: 6, Category: >= 1 and <= 7 and var category, Grade: >= 1 and <= 4 and var grade } =>
                    new(true, new(answer.Name, answer.AreaCode, category, grade, answer.ValidUntil)),
                _ => throw new JsonException("the answer is not whole"),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.LogWarning("The disability register gave no answer: {Kind} {Status}", e.GetType().Name, (e as HttpRequestException)?.StatusCode); // never its words: they can be personal
            return Unreachable;
        }
    }

    private HttpRequestMessage Signed(string body)
    {
        var (time, nonce) = (clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), Guid.NewGuid().ToString("N"));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Value.Secret), Encoding.UTF8.GetBytes($"{time}\n{nonce}\nPOST\n{Path}\n{body}"));
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Register-Signature", $"t={time},n={nonce},s={Convert.ToHexStringLower(signature)}");
        return request;
    }
}
