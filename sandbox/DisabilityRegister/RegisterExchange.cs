using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.DisabilityRegister;

/// <summary>
/// Lets only rightly signed, fresh, new questions to the register. The signature is the sandbox's own making: what the real register asks for is not public.
/// </summary>
public sealed partial class RegisterExchange(RequestDelegate next)
{
    public const string Header = "Register-Signature";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public async Task InvokeAsync(HttpContext context, IOptions<DisabilityRegisterOptions> options, UsedNonces nonces, TimeProvider clock, Behaviours behaviours)
    {
        context.Request.EnableBuffering();
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        context.Request.Body.Position = 0;
        if (!Verify(context.Request, body, options.Value.Secret, clock.GetUtcNow(), nonces))
        {
            await Refused(401, "bad-signature").ExecuteAsync(context);
            return;
        }
        var behaviour = behaviours.Take(Channel.DisabilityRegister, body);
        await Misbehaviour.Play(behaviour, context, next.Invoke, asked => Refused(asked.Status ?? 500, asked.Code ?? "busy").ExecuteAsync(context));
    }

    public static IResult Refused(int status, string code) => Results.Json(new { code }, statusCode: status);

    private static bool Verify(HttpRequest request, string body, string secret, DateTimeOffset now, UsedNonces nonces)
    {
        if (Whole().Match(request.Headers[Header].ToString()) is not { Success: true } sent) return false;
        var (time, nonce) = (sent.Groups["t"].Value, sent.Groups["n"].Value);
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}\n{nonce}\n{request.Method}\n{request.Path}\n{body}"));
        return (now - DateTimeOffset.FromUnixTimeSeconds(long.Parse(time, CultureInfo.InvariantCulture))).Duration() <= Skew
            && CryptographicOperations.FixedTimeEquals(expected, Convert.FromHexString(sent.Groups["s"].Value))
            && nonces.TryUse("disability-register", nonce);
    }

    [GeneratedRegex(@"^t=(?<t>[0-9]{1,11}),n=(?<n>[0-9A-Za-z]{16,64}),s=(?<s>[0-9a-f]{64})\z")]
    private static partial Regex Whole();
}
