using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ExamPlatform.Identities;

/// <summary>
/// Questions to a register under a shared secret, as the sandbox speaks it (sandbox/README.md): <c>t=…,n=…,s=…</c> over time, nonce, method, path and body; the answer is signed under the same nonce.
/// The real registers' interfaces are not public.
/// </summary>
internal static partial class SharedSecretHttp
{
    private const string Header = "Register-Signature";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Below the 5 s that a caller of ours waits: it is to be told, not left alone.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <exception cref="HttpRequestException">No answer, a refusal, or one that is not to be believed.</exception>
    public static async Task<T> Ask<T>(this HttpClient http, string path, object question, string secret, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (body, nonce, time) = (JsonSerializer.Serialize(question, JsonSerializerOptions.Web), Guid.NewGuid().ToString("N"), Seconds(clock));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add(Header, $"t={time},n={nonce},s={Sign(secret, $"{time}\n{nonce}\nPOST\n{path}\n{body}")}");
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!IsSigned(response, nonce, answer, secret, clock)) throw new HttpRequestException("The answer is not signed by the register.");
        return JsonSerializer.Deserialize<T>(answer, Json) ?? throw new JsonException("the answer is empty");
    }

    /// <summary>What is no answer; everything else is a fault of ours.</summary>
    public static bool IsNoAnswer(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) } };

    private static bool IsSigned(HttpResponseMessage response, string nonce, string body, string secret, TimeProvider clock)
    {
        if (!response.Headers.TryGetValues(Header, out var sent) || Whole().Match(string.Concat(sent)) is not { Success: true } whole || whole.Groups["n"].Value != nonce) return false;
        var age = clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(long.Parse(whole.Groups["t"].Value, CultureInfo.InvariantCulture));
        var right = Sign(secret, $"{whole.Groups["t"].Value}\n{nonce}\n{(int)response.StatusCode}\n{body}");
        return age.Duration() <= Skew && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(right), Encoding.ASCII.GetBytes(whole.Groups["s"].Value));
    }

    private static string Seconds(TimeProvider clock) => clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Sign(string secret, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(@"^t=(?<t>[0-9]{1,11}),n=(?<n>[0-9A-Za-z]{16,64}),s=(?<s>[0-9a-f]{64})\z")]
    private static partial Regex Whole();
}
