using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Sms;

/// <summary>Aliyun's gateway: lets only rightly signed, fresh, new requests to the product behind it.</summary>
public sealed class Acs3Exchange(RequestDelegate next)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(15);

    public async Task InvokeAsync(
        HttpContext context,
        IOptions<AliyunSmsOptions> options,
        UsedNonces nonces,
        TimeProvider clock,
        Behaviours behaviours)
    {
        var request = context.Request;
        request.EnableBuffering();
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        request.Body.Position = 0;
        if (Refusal(request, body.ToArray(), options.Value, nonces, clock.GetUtcNow()) is { } refused)
        {
            await refused.ExecuteAsync(context);
            return;
        }

        var behaviour = behaviours.Take(Channel.Sms, request.QueryString + "\n" + Encoding.UTF8.GetString(body.ToArray()));
        context.Items[typeof(Behaviour)] = behaviour;
        await Misbehaviour.Play(behaviour, context, next.Invoke, asked => Fail(asked).ExecuteAsync(context));
    }

    private static IResult? Refusal(HttpRequest request, byte[] body, AliyunSmsOptions options, UsedNonces nonces, DateTimeOffset now)
    {
        string[] needed = ["x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"];
        if (needed.FirstOrDefault(name => string.IsNullOrEmpty(request.Headers[name])) is { } absent) return AliyunAnswer.Missing(absent, request);
        if (Acs3Authorization.Parse(request.Headers.Authorization.ToString()) is not { } sent || !CoversAll(sent, request))
            return AliyunAnswer.Refused(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.", request);
        if (sent.AccessKeyId != options.AccessKeyId) return AliyunAnswer.Refused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.", request);
        if (!DateTimeOffset.TryParseExact(request.Headers["x-acs-date"], "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return AliyunAnswer.Refused(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.", request);
        if ((now - date).Duration() > Skew) return AliyunAnswer.Refused(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.", request);

        var hash = Acs3Signature.Sha256(body);
        var query = request.Query.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? "")));
        var toSign = Acs3Signature.StringToSign(request.Method, "/", query, sent.SignedHeaders, name => Header(request, name), hash);
        var expected = Acs3Signature.Sign(options.AccessKeySecret, toSign);
        if (request.Headers["x-acs-content-sha256"] != hash || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(sent.Signature)))
            return AliyunAnswer.Refused(400, "SignatureDoesNotMatch", $"Specified signature does not match our calculation. server StringToSign is [{toSign.Replace('\n', ' ')}]", request);
        return nonces.TryUse("aliyun", request.Headers["x-acs-signature-nonce"].ToString())
            ? null
            : AliyunAnswer.Refused(400, "SignatureNonceUsed", "Specified signature nonce was used already.", request);
    }

    // Every common header that is present must be signed, or a man in the middle could change the action.
    private static bool CoversAll(Acs3Authorization sent, HttpRequest request) =>
        sent.SignedHeaders.Contains("host")
        && request.Headers.Keys.Where(name => name.StartsWith("x-acs-", StringComparison.OrdinalIgnoreCase))
            .All(name => sent.SignedHeaders.Contains(name.ToLowerInvariant()));

    private static string Header(HttpRequest request, string name) => request.Headers[name].ToString();

    private static IResult Fail(Behaviour asked) =>
        AliyunAnswer.Business(asked.Code ?? "isv.BUSINESS_LIMIT_CONTROL", asked.Message ?? Words.Say("sms.limited"), status: asked.Status ?? 200);
}
