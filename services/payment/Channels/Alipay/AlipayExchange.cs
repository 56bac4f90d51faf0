using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.Alipay;

/// <summary>Signed requests to the gateway: those that a payer's browser carries there, and those asked from here with their verified answers.</summary>
internal sealed class AlipayExchange(HttpClient http, AlipayKeys keys, IOptions<AlipayOptions> options, TimeProvider clock)
{
    private const long LargestBill = 64 * 1024 * 1024;

    /// <summary>What came back. <paramref name="Silence"/> says why nothing in it can be trusted; else it is Alipay's own.</summary>
    public sealed record Answer(AlipayWords.Reply? Reply, string? Silence)
    {
        public bool Succeeded => Reply?.Code == "10000";

        /// <summary>The reason why not; empty when it gave none.</summary>
        public string Fault => Reply?.SubCode ?? Reply?.Code ?? "";
    }

    /// <summary>The address that a payer's browser goes to; Alipay hears of it only then.</summary>
    public string Address(string method, object content, string returnUrl) =>
        QueryHelpers.AddQueryString(options.Value.Gateway, Signed(method, content, returnUrl).Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)));

    public async Task<Answer> Send(string method, object content, CancellationToken cancellationToken)
    {
        var fields = Signed(method, content, null);
        // the gateway takes the form's charset from the query string, so only the content is in the form
        fields.Remove("biz_content", out var sent);
        var address = QueryHelpers.AddQueryString(options.Value.Gateway, fields.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)));
        try
        {
            using var form = new FormUrlEncodedContent([new("biz_content", sent!)]);
            using var response = await http.PostAsync(new Uri(address), form, cancellationToken);
            return Verify(method, await response.Content.ReadAsByteArrayAsync(cancellationToken), $"HTTP {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return new(null, e is OperationCanceledException ? "no answer in time" : e.Message);
        }
    }

    /// <returns>Null with a reason when it could not be fetched whole.</returns>
    public async Task<(byte[]? File, string Reason)> Fetch(string address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(address), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentLength > LargestBill) return (null, $"HTTP {(int)response.StatusCode}, {response.Content.Headers.ContentLength} bytes");
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var file = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0 && file.Length <= LargestBill;) file.Write(buffer, 0, read);
            return file.Length > LargestBill ? (null, "a larger bill than any") : (file.ToArray(), "");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or UriFormatException)
        {
            return (null, e is OperationCanceledException ? "no answer in time" : e.Message);
        }
    }

    private Dictionary<string, string> Signed(string method, object content, string? returnUrl)
    {
        var o = options.Value;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["app_id"] = o.AppId,
            ["method"] = method,
            ["format"] = "JSON",
            ["charset"] = "utf-8",
            ["sign_type"] = "RSA2",
            ["timestamp"] = BeijingTime.Write(clock.GetUtcNow(), BeijingTime.Spoken),
            ["version"] = "1.0",
            ["notify_url"] = o.NotifyUrl,
            ["biz_content"] = JsonSerializer.Serialize(content, AlipayWords.Json),
        };
        if (returnUrl is not null) fields["return_url"] = returnUrl;
        fields["sign"] = keys.Sign(Fields.ToSign(fields));
        return fields;
    }

    /// <summary>The signature is over the bytes of the reply as they stand in the body: parsing and writing it again would change them.</summary>
    private Answer Verify(string method, byte[] body, string status)
    {
        try
        {
            var (raw, signature) = Split(body, method.Replace('.', '_') + "_response");
            if (raw.Length == 0 || signature is null) return new(null, $"{status}, unsigned");
            if (!keys.IsAlipays(raw, signature)) return new(null, $"{status}, the signature does not fit");
            return JsonSerializer.Deserialize<AlipayWords.Reply>(raw, AlipayWords.Json) is { } reply ? new(reply, null) : new(null, "no reply");
        }
        catch (JsonException)
        {
            return new(null, $"{status}, not the gateway's JSON");
        }
    }

    private static (byte[] Raw, string? Signature) Split(byte[] body, string name)
    {
        var (raw, signature) = (Array.Empty<byte>(), (string?)null);
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (key == name) raw = body[start..(int)reader.BytesConsumed];
            if (key == "sign" && reader.TokenType == JsonTokenType.String) signature = reader.GetString();
        }
        return (raw, signature);
    }
}
