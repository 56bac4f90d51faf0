using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ExamPlatform.Sandbox.WeChat;

/// <summary>Safe mode: AES-256-CBC under the 43-character key, iv its first half, padded to 32 bytes; 16 random bytes, length, message, app id.</summary>
public static class MessageSeal
{
    private const int Block = 32, Random = 16, Head = Random + 4;

    public static string Signature(params string[] parts)
    {
#pragma warning disable CA5350 // WeChat's own
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Order(StringComparer.Ordinal)))));
#pragma warning restore CA5350
    }

    public static string Encrypt(string message, string key, string appId)
    {
        var (text, app) = (Encoding.UTF8.GetBytes(message), Encoding.UTF8.GetBytes(appId));
        var length = Head + text.Length + app.Length;
        var pad = Block - (length % Block);
        var whole = new byte[length + pad];
        RandomNumberGenerator.Fill(whole.AsSpan(0, Random));
        BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(Random), text.Length);
        text.CopyTo(whole, Head);
        app.CopyTo(whole, Head + text.Length);
        whole.AsSpan(length).Fill((byte)pad);
        using var aes = Cipher(key, out var iv);
        return Convert.ToBase64String(aes.EncryptCbc(whole, iv, PaddingMode.None));
    }

    public static string Decrypt(string encrypted, string key)
    {
        using var aes = Cipher(key, out var iv);
        var whole = aes.DecryptCbc(Convert.FromBase64String(encrypted), iv, PaddingMode.None);
        return Encoding.UTF8.GetString(whole, Head, BinaryPrimitives.ReadInt32BigEndian(whole.AsSpan(Random)));
    }

    private static Aes Cipher(string key, out byte[] iv)
    {
        var aes = Aes.Create();
        aes.Key = Convert.FromBase64String(key + "=");
        iv = aes.Key[..16];
        return aes;
    }
}
