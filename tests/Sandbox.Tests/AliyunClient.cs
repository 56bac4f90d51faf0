using System.Security.Cryptography;
using System.Text;

namespace ExamPlatform.Sandbox.Tests;

/// <summary>An SMS client written against the published ACS3 rules, not against the sandbox's code.</summary>
public static class AliyunClient
{
    public static Dictionary<string, string> Message(string phone) => new()
    {
        ["PhoneNumbers"] = phone,
        ["SignName"] = "Exam office",
        ["TemplateCode"] = "SMS_100",
        ["TemplateParam"] = """{"code":"482913"}""",
        ["OutId"] = "n-1",
    };

    public static HttpRequestMessage Request(
        SandboxHost host,
        Dictionary<string, string> parameters,
        bool asForm = true,
        string accessKeyId = SandboxHost.AccessKeyId,
        string secret = SandboxHost.AccessKeySecret,
        string? nonce = null,
        TimeSpan age = default,
        string action = "SendSms",
        string version = "2017-05-25")
    {
        var pairs = string.Join('&', parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        var (query, body) = asForm ? ("", pairs) : (pairs, "");
        var hash = Hex(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = host.Http.BaseAddress!.Authority,
            ["x-acs-action"] = action,
            ["x-acs-content-sha256"] = hash,
            ["x-acs-date"] = (host.Clock.GetUtcNow() - age).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
            ["x-acs-signature-nonce"] = nonce ?? Guid.NewGuid().ToString("N"),
            ["x-acs-version"] = version,
        };
        var names = string.Join(';', headers.Keys);
        var canonical = $"POST\n/\n{query}\n{string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n"))}\n{names}\n{hash}";
        var toSign = "ACS3-HMAC-SHA256\n" + Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        var signature = Hex(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(toSign)));

        var request = new HttpRequestMessage(HttpMethod.Post, asForm ? "/" : $"/?{query}");
        if (asForm) request.Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
        foreach (var (name, value) in headers.Where(header => header.Key != "host")) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization", $"ACS3-HMAC-SHA256 Credential={accessKeyId},SignedHeaders={names},Signature={signature}");
        return request;
    }

    public static async Task<string> Refusal(HttpResponseMessage response) => $"{(int)response.StatusCode} {await response.Text("Code")}";

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
