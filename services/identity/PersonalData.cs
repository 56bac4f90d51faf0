using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>
/// Seals what is personal and makes it findable by a keyed hash (HMAC-SHA256) under a key derived from <see cref="IdentitySettings.DataKey"/>.
/// What was sealed before there were data keys opens with a key derived from the same.
/// </summary>
public sealed class PersonalData
{
    private const byte BeforeDataKeys = 1;
    private const int KeySize = 32;
    private readonly Seals seals;
    private readonly byte[] hashing;

    public PersonalData(IOptions<IdentitySettings> settings, Seals seals)
    {
        ArgumentNullException.ThrowIfNull(settings);
        this.seals = seals;
        hashing = Derived(settings.Value, "exam.identity.hash.v1");
    }

    /// <summary>What opens what was sealed before there were data keys.</summary>
    public static KeyBeforeDataKeys Before(IdentitySettings settings) => new(BeforeDataKeys, Derived(settings, "exam.identity.seal.v1"));

    private static byte[] Derived(IdentitySettings settings, string info)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var key = new byte[KeySize];
        if (!Convert.TryFromBase64String(settings.DataKey, key, out var length) || length != KeySize)
            throw new InvalidOperationException("Set Identity__DataKey to 32 random bytes in base64: the AppHost generates it at first run.");
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeySize, info: Encoding.UTF8.GetBytes(info));
    }

    /// <param name="plain">What is to be kept.</param>
    /// <param name="place">Table, column and row it is kept in.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, string place) => seals.Seal(plain, place);

    /// <exception cref="InvalidOperationException">The value was changed, moved, or sealed under another key.</exception>
    public byte[] Open(ReadOnlySpan<byte> whole, string place) => seals.Open(whole, place);

    /// <summary>For rows that are audited: under the person's own key, which goes with the account (<see cref="OwnerKeys"/>).</summary>
    public static byte[] SealFor(byte[] personKey, ReadOnlySpan<byte> plain, string place) => Seals.Seal(plain, personKey, place);

    /// <param name="personKey">Null where it was thrown away. What was sealed before there were such keys opens without.</param>
    /// <param name="whole">What lies there.</param>
    /// <param name="place">Table, column and row.</param>
    public byte[] OpenFor(byte[]? personKey, ReadOnlySpan<byte> whole, string place) =>
        whole is not [0, ..] ? Open(whole, place) : Seals.Open(whole, personKey ?? throw new InvalidOperationException($"The key for what lies at {place} was thrown away with the account."), place);

    public byte[] SealText(string text, string place) => Seal(Encoding.UTF8.GetBytes(text), place);

    public string OpenText(byte[] whole, string place) => Encoding.UTF8.GetString(Open(whole, place));

    /// <summary>Equal values of one kind have equal hashes; without the key nobody can try numbers out.</summary>
    public byte[] Hash(string kind, string value) => HMACSHA256.HashData(hashing, Encoding.UTF8.GetBytes($"{kind}\n{value}"));
}
