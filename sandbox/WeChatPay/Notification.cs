using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>One callback's content: however often it is sent, its id and bytes stay the same.</summary>
public sealed record Notification(string EventId, string OutTradeNo, string Url, string Body)
{
    private const int TagBytes = 16;

    public static Notification Of(BankOrder order, Transaction transaction, string apiV3Key, DateTimeOffset now) =>
        Of("TRANSACTION.SUCCESS", "transaction", Words.Say("trade.SUCCESS"), order.Terms.OutTradeNo, order.Terms.NotifyUrl, transaction, apiV3Key, now);

    public static Notification Of(Refund refund, string url, object told, string apiV3Key, DateTimeOffset now)
    {
        var status = refund.Status.ToString().ToUpperInvariant();
        return Of($"REFUND.{status}", "refund", Words.Say($"refund.{status}"), refund.Terms.OutTradeNo, url, told, apiV3Key, now);
    }

    private static Notification Of(string kind, string type, string summary, string outTradeNo, string url, object told, string apiV3Key, DateTimeOffset now)
    {
        var eventId = Guid.NewGuid().ToString();
        var nonce = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 12);
        var body = JsonSerializer.Serialize(
            new
            {
                Id = eventId,
                CreateTime = WeChatPayJson.Time(now),
                ResourceType = "encrypt-resource",
                EventType = kind,
                Summary = summary,
                Resource = new
                {
                    OriginalType = type,
                    Algorithm = "AEAD_AES_256_GCM",
                    Ciphertext = Encrypt(JsonSerializer.SerializeToUtf8Bytes(told, WeChatPayJson.Options), apiV3Key, nonce, type),
                    AssociatedData = type,
                    Nonce = nonce,
                },
            },
            WeChatPayJson.Options);
        return new(eventId, outTradeNo, url, body);
    }

    internal static string Encrypt(byte[] plain, string key, string nonce, string associatedData)
    {
        using var aes = new AesGcm(Encoding.UTF8.GetBytes(key), TagBytes);
        var sealedBytes = new byte[plain.Length + TagBytes];
        aes.Encrypt(Encoding.UTF8.GetBytes(nonce), plain, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length), Encoding.UTF8.GetBytes(associatedData));
        return Convert.ToBase64String(sealedBytes);
    }
}
