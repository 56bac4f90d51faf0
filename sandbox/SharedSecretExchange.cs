using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ExamPlatform.Sandbox;

/// <summary>
/// Lets only rightly signed, fresh, new questions to a register, and signs the answer under the question's nonce. The signature is the sandbox's own making: what the real registers ask for is not public.
/// </summary>
/// <param name="channel">Which register this is.</param>
/// <param name="secret">Shared with the one platform that may ask.</param>
public sealed partial class SharedSecretExchange(RequestDelegate next, Channel channel, string secret)
{
    public const string Header = "Register-Signature";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public async Task InvokeAsync(HttpContext context, UsedNonces nonces, TimeProvider clock, Behaviours behaviours)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(behaviours);
        var body = await Read(context.Request);
        if (Nonce(context.Request, body, clock.GetUtcNow(), nonces) is not { } nonce)
        {
            await Refused(401, "bad-signature").ExecuteAsync(context);
            return;
        }
        var outgoing = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        var behaviour = behaviours.Take(channel, body);
        if (!await Misbehaviour.Play(behaviour, context, next.Invoke, asked => Refused(asked.Status ?? 500, asked.Code ?? "busy").ExecuteAsync(context))) return;
        context.Response.Body = outgoing;
        var time = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = behaviour?.Effect is Effect.WrongSignature ? "something else" : Encoding.UTF8.GetString(answer.ToArray());
        context.Response.Headers[Header] = $"t={time},n={nonce},s={Sign($"{time}\n{nonce}\n{context.Response.StatusCode}\n{signed}")}";
        context.Response.ContentLength = answer.Length;
        answer.Position = 0;
        await answer.CopyToAsync(outgoing);
    }

    public static IResult Refused(int status, string code) => Results.Json(new { code }, statusCode: status);

    private static async Task<string> Read(HttpRequest request)
    {
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        request.Body.Position = 0;
        return body;
    }

    /// <returns>Null where the question is not to be believed.</returns>
    private string? Nonce(HttpRequest request, string body, DateTimeOffset now, UsedNonces nonces)
    {
        if (Whole().Match(request.Headers[Header].ToString()) is not { Success: true } sent) return null;
        var (time, nonce) = (sent.Groups["t"].Value, sent.Groups["n"].Value);
        var expected = Sign($"{time}\n{nonce}\n{request.Method}\n{request.Path}\n{body}");
        return (now - DateTimeOffset.FromUnixTimeSeconds(long.Parse(time, CultureInfo.InvariantCulture))).Duration() <= Skew
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(sent.Groups["s"].Value))
            && nonces.TryUse(channel.ToString(), nonce) ? nonce : null;
    }

    private string Sign(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(@"^t=(?<t>[0-9]{1,11}),n=(?<n>[0-9A-Za-z]{16,64}),s=(?<s>[0-9a-f]{64})\z")]
    private static partial Regex Whole();
}
