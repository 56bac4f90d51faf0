using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Applications;

/// <summary>学信网, the national register of higher education: what stands behind the verification code of a person's on-line report.</summary>
public interface IChsi
{
    Task<ChsiAnswer> AskAsync(string code, CancellationToken cancellationToken);
}

public enum ChsiOutcome { Found, UnknownCode, Unreachable }

/// <param name="Report">There is one when it was found.</param>
public sealed record ChsiAnswer(ChsiOutcome Outcome, ChsiReport? Report = null);

/// <param name="BirthDate">ISO date; null where the report does not say.</param>
/// <param name="Category"><c>higherEducation</c>, or another kind of education.</param>
/// <param name="Level"><c>juniorCollege</c>, <c>bachelor</c>, <c>master</c>, <c>doctor</c>.</param>
/// <param name="GraduatedOn">Month, YYYY-MM.</param>
public sealed record ChsiReport(string Name, string School, string Major, string Category, string Level, string GraduatedOn, string CertificateNumber, string? Degree = null, string? BirthDate = null)
{
    private const string FirstMonth = "2001-01";

    /// <summary>The entry it stands for; null for what 学信网 cannot vouch for (seed 002: 2001年以来的各类高等教育学历可在学信网进行授权).</summary>
    public EducationEntry? Entry() =>
        Category == "higherEducation" && string.CompareOrdinal(GraduatedOn, FirstMonth) >= 0 && Enum.TryParse<EducationLevel>(Level, ignoreCase: true, out var level) && Enum.IsDefined(level) && level is not EducationLevel.Secondary
            ? new(School, Major, level, GraduatedOn, CertificateNumber, Degree, EntrySource.Chsi, EntryVerification.Passed, Guid.CreateVersion7()) : null;

    /// <summary>Whether it is this person's: the same name, whichever middle dot was typed, and the same birth date where both say one.</summary>
    public bool IsOf(string name, string birthDate) => Key(Name) == Key(name) && (string.IsNullOrEmpty(BirthDate) || birthDate.Length == 0 || BirthDate == birthDate);

    private static string Key(string name) =>
        string.Concat(name.Where(c => c != ' ').Select(c => c is '\u2022' or '\u2027' or '\u30FB' or '\uFF65' or '\u0387' ? '\u00B7' : c)).ToUpperInvariant();
}

/// <summary>Section <c>Application:Chsi</c>.</summary>
public sealed class ChsiOptions
{
    public const string Section = "Application:Chsi";

    public Uri? BaseAddress { get; init; }

    public bool IsUsable => BaseAddress is { IsAbsoluteUri: true, Scheme: "http" or "https" };
}

/// <summary>Asks over HTTP. Whatever is no clear answer is silence: nothing may be concluded from it.</summary>
internal sealed class ChsiRegistry(HttpClient http, ILogger<ChsiRegistry> log) : IChsi
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public static void Configure(IServiceProvider services, HttpClient http) =>
        (http.BaseAddress, http.Timeout) = (services.GetRequiredService<IOptions<ChsiOptions>>().Value.BaseAddress, TimeSpan.FromSeconds(5));

    public async Task<ChsiAnswer> AskAsync(string code, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri($"chsi/report?code={code}", UriKind.Relative), cancellationToken);
            if (response.StatusCode is System.Net.HttpStatusCode.NotFound) return new(ChsiOutcome.UnknownCode);
            response.EnsureSuccessStatusCode();
            return new(ChsiOutcome.Found, await response.Content.ReadFromJsonAsync<ChsiReport>(Json, cancellationToken) ?? throw new JsonException("null is no report."));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.LogWarning(e, "CHSI did not answer");
            return new(ChsiOutcome.Unreachable);
        }
    }
}
