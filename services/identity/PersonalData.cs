using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>
/// Encrypts what is personal (AES-256-GCM) and makes it findable by a keyed hash (HMAC-SHA256), under keys derived from <see cref="IdentitySettings.DataKey"/>.
/// A sealed value is bound to its place: copied into another row or column it does not open.
/// Layout: 1 byte key version, 12 bytes nonce, 16 bytes tag, ciphertext.
/// </summary>
public sealed class PersonalData
{
    private const byte KeyVersion = 1;
    private const int KeySize = 32, NonceSize = 12, TagSize = 16;
    private readonly byte[] sealing, hashing;

    public PersonalData(IOptions<IdentitySettings> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var key = new byte[KeySize];
        if (!Convert.TryFromBase64String(settings.Value.DataKey, key, out var length) || length != KeySize)
            throw new InvalidOperationException("Set Identity__DataKey to 32 random bytes in base64: the AppHost generates it at first run.");
        sealing = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeySize, info: "exam.identity.seal.v1"u8.ToArray());
        hashing = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeySize, info: "exam.identity.hash.v1"u8.ToArray());
    }

    /// <param name="plain">What is to be kept.</param>
    /// <param name="place">Table, column and row it is kept in.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, string place)
    {
        var whole = new byte[1 + NonceSize + TagSize + plain.Length];
        whole[0] = KeyVersion;
        var nonce = whole.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(sealing, TagSize);
        aes.Encrypt(nonce, plain, whole.AsSpan(1 + NonceSize + TagSize), whole.AsSpan(1 + NonceSize, TagSize), Encoding.UTF8.GetBytes(place));
        return whole;
    }

    /// <exception cref="InvalidOperationException">The value was changed, moved, or sealed under another key.</exception>
    public byte[] Open(ReadOnlySpan<byte> whole, string place)
    {
        if (whole.Length < 1 + NonceSize + TagSize || whole[0] != KeyVersion) throw new InvalidOperationException($"What lies at {place} was not sealed by this platform.");
        var plain = new byte[whole.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(sealing, TagSize);
        try
        {
            aes.Decrypt(whole.Slice(1, NonceSize), whole[(1 + NonceSize + TagSize)..], whole.Slice(1 + NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(place));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new InvalidOperationException($"What lies at {place} does not open: Identity:DataKey is not the one it was written under, or it was tampered with.", e);
        }
        return plain;
    }

    public byte[] SealText(string text, string place) => Seal(Encoding.UTF8.GetBytes(text), place);

    public string OpenText(byte[] whole, string place) => Encoding.UTF8.GetString(Open(whole, place));

    /// <summary>Equal values of one kind have equal hashes; without the key nobody can try numbers out.</summary>
    public byte[] Hash(string kind, string value) => HMACSHA256.HashData(hashing, Encoding.UTF8.GetBytes($"{kind}\n{value}"));
}
