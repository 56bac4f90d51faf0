using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>What became of a verification at the provider.</summary>
public enum FaceResult
{
    /// <summary>The person has not been there, or is there.</summary>
    Pending,

    /// <summary>A living person, and the one of that name and number.</summary>
    Passed,
    Failed,

    /// <summary>No answer that can be believed.</summary>
    Unreachable,
}

/// <param name="Id">The provider's name for it.</param>
/// <param name="Address">Where the person goes.</param>
public sealed record FaceHandOver(string Id, Uri Address);

/// <summary>Somebody who compares a living face with the national registry's picture of a resident ID.</summary>
public interface IFaceProvider
{
    bool IsOffered { get; }

    /// <returns>Null where the provider gives no answer.</returns>
    Task<FaceHandOver?> CreateAsync(string name, string number, CancellationToken cancellationToken);

    Task<FaceResult> ResultAsync(string id, CancellationToken cancellationToken);
}

/// <summary>Section <c>Identity:FaceVerification</c>; without an address it is not offered.</summary>
public sealed class FaceProviderSettings : IValidatableObject
{
    public const string Section = "Identity:FaceVerification";

    public Uri? BaseAddress { get; set; }
    public string Secret { get; set; } = "";

    /// <summary>The page of ours that the provider sends the person back to.</summary>
    public Uri? ReturnAddress { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BaseAddress is null) yield break;
        if (Secret.Length < 16) yield return new("Identity__FaceVerification__Secret takes 16 characters or more.");
        if (ReturnAddress is not { IsAbsoluteUri: true }) yield return new("Set Identity__FaceVerification__ReturnAddress to the page /recover/face of the web front end.");
    }
}

[OptionsValidator]
internal sealed partial class FaceProviderSettingsValidator : IValidateOptions<FaceProviderSettings>;

public static class FaceProviders
{
    public static IServiceCollection AddFaceProvider(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<FaceProviderSettings>, FaceProviderSettingsValidator>();
        services.AddOptions<FaceProviderSettings>().BindConfiguration(FaceProviderSettings.Section).ValidateOnStart();
        services.AddHttpClient<IFaceProvider, FaceProviderClient>((provider, http) => (http.BaseAddress, http.Timeout) = (provider.GetRequiredService<IOptions<FaceProviderSettings>>().Value.BaseAddress, SharedSecretHttp.Patience));
        return services;
    }
}

/// <summary>A provider as the sandbox plays one (sandbox/README.md): this class is all that will change with a real one.</summary>
internal sealed class FaceProviderClient(HttpClient http, IOptions<FaceProviderSettings> settings, TimeProvider clock, ILogger<FaceProviderClient> log) : IFaceProvider
{
    private sealed record Created(string VerificationId, Uri Url);

    private sealed record Result(FaceResult? State, bool Liveness);

    public bool IsOffered => settings.Value.BaseAddress is not null;

    public Task<FaceHandOver?> CreateAsync(string name, string number, CancellationToken cancellationToken) => Ask<FaceHandOver?>(null, async () =>
    {
        var created = await http.Ask<Created>("/face-verification/create", new { name, number, returnUrl = settings.Value.ReturnAddress }, settings.Value.Secret, clock, cancellationToken);
        return created is { VerificationId.Length: > 0, Url: { IsAbsoluteUri: true, Scheme: "http" or "https" } } ? new(created.VerificationId, created.Url) : null;
    }, cancellationToken);

    /// <summary>A likeness without a living person is none.</summary>
    public Task<FaceResult> ResultAsync(string id, CancellationToken cancellationToken) => Ask(FaceResult.Unreachable, async () =>
        !IsOffered ? FaceResult.Unreachable : await http.Ask<Result>("/face-verification/result", new { verificationId = id }, settings.Value.Secret, clock, cancellationToken) switch
        {
            { State: FaceResult.Passed, Liveness: false } => FaceResult.Failed,
            { State: { } state } => state,
            _ => FaceResult.Unreachable,
        }, cancellationToken);

    private async Task<T> Ask<T>(T without, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (SharedSecretHttp.IsNoAnswer(e, cancellationToken))
        {
            log.LogWarning("The face verification gave no answer: {Kind} {Status}", e.GetType().Name, (e as HttpRequestException)?.StatusCode); // never its words: they can be personal
            return without;
        }
    }
}
