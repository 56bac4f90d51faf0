using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.UnionPay;

/// <summary>Signed forms to UnionPay: one that a payer's browser carries there, and those sent from here with their verified answers.</summary>
internal sealed class UnionPayExchange(HttpClient http, UnionPayKeys keys, IOptions<UnionPayOptions> options, TimeProvider clock)
{
    /// <summary>What came back. <paramref name="Silence"/> says why nothing in it can be trusted; else it is UnionPay's own.</summary>
    public sealed record Answer(IReadOnlyDictionary<string, string> Told, string? Silence)
    {
        /// <summary>Empty where it is not told.</summary>
        public string this[string field] => Told.GetValueOrDefault(field, "");
    }

    public Dictionary<string, string> Signed(params (string Key, string Value)[] fields)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["version"] = "5.1.0",
            ["encoding"] = "UTF-8",
            ["signMethod"] = "01",
            ["certId"] = keys.CertificateId,
            ["accessType"] = "0",
            ["merId"] = options.Value.MerchantId,
        };
        foreach (var (key, value) in fields) all[key] = value;
        all["signature"] = keys.Sign(all);
        return all;
    }

    public string FrontAddress => At("frontTransReq.do").ToString();

    public Task<Answer> Transact(CancellationToken cancellationToken, params (string, string)[] fields) => Send(At("backTransReq.do"), fields, cancellationToken);

    public Task<Answer> Query(CancellationToken cancellationToken, params (string, string)[] fields) => Send(At("queryTrans.do"), fields, cancellationToken);

    public Task<Answer> FetchFile(CancellationToken cancellationToken, params (string, string)[] fields) => Send(new(options.Value.FileAddress), fields, cancellationToken);

    private async Task<Answer> Send(Uri address, (string, string)[] fields, CancellationToken cancellationToken)
    {
        try
        {
            using var form = new FormUrlEncodedContent(Signed(fields));
            using var response = await http.PostAsync(address, form, cancellationToken);
            var told = Read(Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
            return new(told, keys.Verify(told, clock.GetUtcNow()) is { } fault ? $"HTTP {(int)response.StatusCode}, {fault}" : null);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return new(new Dictionary<string, string>(), e is OperationCanceledException ? "no answer in time" : e.Message);
        }
    }

    /// <summary>An answer is <c>k=v&amp;k=v</c> with nothing escaped; a value within braces may hold both signs itself.</summary>
    public static Dictionary<string, string> Read(string text)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        var (start, depth) = (0, 0);
        for (var at = 0; at <= text.Length; at++)
        {
            var sign = at < text.Length ? text[at] : '&';
            if (sign is '{' or '[') depth++;
            if (sign is '}' or ']') depth--;
            if (at == text.Length || sign == '&' && depth <= 0)
            {
                var part = text[start..at];
                if (part.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals) told[part[..equals]] = part[(equals + 1)..];
                start = at + 1;
            }
        }
        return told;
    }

    private Uri At(string what) => new($"{options.Value.Gateway.TrimEnd('/')}/{what}");
}
