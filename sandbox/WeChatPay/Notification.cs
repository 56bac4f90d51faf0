using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>One callback's content: however often it is sent, its id and bytes stay the same.</summary>
public sealed record Notification(string EventId, string OutTradeNo, string Url, string Body)
{
    private const int TagBytes = 16;
    private const string AssociatedData = "transaction";

    public static Notification Of(NativeOrder order, Transaction transaction, string apiV3Key, DateTimeOffset now)
    {
        var eventId = Guid.NewGuid().ToString();
        var nonce = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 12);
        var plain = JsonSerializer.SerializeToUtf8Bytes(transaction, WeChatPayJson.Options);
        var body = JsonSerializer.Serialize(
            new
            {
                Id = eventId,
                CreateTime = WeChatPayJson.Time(now),
                ResourceType = "encrypt-resource",
                EventType = "TRANSACTION.SUCCESS",
                Summary = Words.Say("trade.SUCCESS"),
                Resource = new
                {
                    OriginalType = "transaction",
                    Algorithm = "AEAD_AES_256_GCM",
                    Ciphertext = Encrypt(plain, apiV3Key, nonce),
                    AssociatedData,
                    Nonce = nonce,
                },
            },
            WeChatPayJson.Options);
        return new(eventId, order.Terms.OutTradeNo, order.Terms.NotifyUrl, body);
    }

    private static string Encrypt(byte[] plain, string key, string nonce)
    {
        using var aes = new AesGcm(Encoding.UTF8.GetBytes(key), TagBytes);
        var sealedBytes = new byte[plain.Length + TagBytes];
        aes.Encrypt(Encoding.UTF8.GetBytes(nonce), plain, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length), Encoding.UTF8.GetBytes(AssociatedData));
        return Convert.ToBase64String(sealedBytes);
    }
}
