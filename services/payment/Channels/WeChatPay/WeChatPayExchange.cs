using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments.Channels.WeChatPay;

/// <summary>One signed request to API v3 and its verified answer.</summary>
internal sealed class WeChatPayExchange(HttpClient http, WeChatPayKeys keys, IOptions<WeChatPayOptions> options, TimeProvider clock)
{
    /// <summary>Bytes; some 200 000 payments unpacked.</summary>
    public const int LargestBill = 128 * 1024 * 1024;

    private static readonly TimeSpan DownloadTime = TimeSpan.FromMinutes(2);
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    /// <summary>What came back. <paramref name="Silence"/> says why nothing in it can be trusted; else it is WeChat Pay's own.</summary>
    public sealed record Answer(HttpStatusCode Status, byte[] Body, string? Silence)
    {
        public bool Succeeded => (int)Status is >= 200 and < 300;

        /// <returns>Null when the body is not that.</returns>
        public T? Read<T>() where T : class
        {
            try
            {
                return JsonSerializer.Deserialize<T>(Body, WeChatPayWords.Json);
            }
            catch (JsonException)
            {
                return null;
            }
        }

        /// <summary>The bank's error code; empty when it gave none.</summary>
        public string Code => Read<WeChatPayWords.Refusal>()?.Code ?? "";
    }

    public async Task<Answer> Send(HttpMethod method, string target, object? body, CancellationToken cancellationToken)
    {
        var sent = body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(body, WeChatPayWords.Json);
        using var request = new HttpRequestMessage(method, new Uri(new Uri(options.Value.BaseAddress), target));
        if (body is not null) request.Content = new ByteArrayContent(sent) { Headers = { ContentType = JsonType } };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.UserAgent.ParseAdd("ExamPlatform");
        if (options.Value.PlatformKeyId is { } id) request.Headers.Add("Wechatpay-Serial", id);
        request.Headers.Authorization = Authorize(method, request.RequestUri!.PathAndQuery, sent);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var came = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var signed = WeChatPaySigned.From(name => response.Headers.TryGetValues(name, out var values) ? values.First() : null);
            return new(response.StatusCode, came, keys.Verify(signed, came, clock.GetUtcNow()) is { } fault ? $"HTTP {(int)response.StatusCode}, {fault}" : null);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return new(0, [], e is OperationCanceledException ? "no answer in time" : e.Message);
        }
    }

    /// <summary>Fetches WeChat Pay's certificates: the one answer whose key may be in itself.</summary>
    /// <returns>What is wrong; null when they were taken in.</returns>
    public async Task<string?> FetchCertificates(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(options.Value.BaseAddress), "/v3/certificates"));
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.UserAgent.ParseAdd("ExamPlatform");
        request.Headers.Authorization = Authorize(HttpMethod.Get, request.RequestUri!.PathAndQuery, []);
        using var response = await http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode) return $"HTTP {(int)response.StatusCode}";
        var signed = WeChatPaySigned.From(name => response.Headers.TryGetValues(name, out var values) ? values.First() : null);
        return keys.TakeIn(await response.Content.ReadAsByteArrayAsync(cancellationToken), signed, clock.GetUtcNow());
    }

    /// <summary>Bytes that a signed answer told of; they carry no signature of their own.</summary>
    /// <returns>Null when they cannot be had.</returns>
    public async Task<byte[]?> Download(string address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var from) || from.Scheme != new Uri(options.Value.BaseAddress).Scheme) return null;
        using var request = new HttpRequestMessage(HttpMethod.Get, from);
        request.Headers.Accept.ParseAdd("*/*");
        request.Headers.UserAgent.ParseAdd("ExamPlatform");
        request.Headers.Authorization = Authorize(HttpMethod.Get, from.PathAndQuery, []);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(DownloadTime);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (!response.IsSuccessStatusCode) return null;
            await response.Content.LoadIntoBufferAsync(LargestBill, patience.Token);
            return await response.Content.ReadAsByteArrayAsync(patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private AuthenticationHeaderValue Authorize(HttpMethod method, string target, byte[] body)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = RandomNumberGenerator.GetHexString(32);
        byte[] message = [.. Encoding.UTF8.GetBytes($"{method}\n{target}\n{timestamp}\n{nonce}\n"), .. body, (byte)'\n'];
        return new("WECHATPAY2-SHA256-RSA2048",
            $"mchid=\"{options.Value.MerchantId}\",nonce_str=\"{nonce}\",timestamp=\"{timestamp}\",serial_no=\"{options.Value.MerchantSerial}\",signature=\"{keys.Sign(message)}\"");
    }
}
