using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications;

/// <summary>A reply as the gateway told it.</summary>
public sealed record ReplyContent(string Mobile, string Content)
{
    public override string ToString() => nameof(ReplyContent); // a record would print the mobile
}

/// <summary>Keeps replies unreadable while they wait: AES-256-GCM under <see cref="NotificationOptions.DataKey"/>, bound to the reply's id. Layout: 12 bytes nonce, 16 bytes tag, ciphertext.</summary>
public sealed class ReplySeal(IOptions<NotificationOptions> options)
{
    private const int NonceSize = 12, TagSize = 16;
    private readonly byte[] key = Convert.FromBase64String(options.Value.DataKey);

    public byte[] Seal(Guid id, ReplyContent content)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(content);
        var whole = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(whole.AsSpan(0, NonceSize), plain, whole.AsSpan(NonceSize + TagSize), whole.AsSpan(NonceSize, TagSize), id.ToByteArray());
        return whole;
    }

    /// <exception cref="CryptographicException">It was sealed under another key, for another reply, or tampered with.</exception>
    public ReplyContent Open(Guid id, ReadOnlySpan<byte> whole)
    {
        var plain = new byte[whole.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(whole[..NonceSize], whole[(NonceSize + TagSize)..], whole.Slice(NonceSize, TagSize), plain, id.ToByteArray());
        return JsonSerializer.Deserialize<ReplyContent>(plain)!;
    }
}
