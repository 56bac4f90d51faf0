using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ExamPlatform.Identities;

/// <summary>
/// What an officer's authenticator app and this platform both know (TOTP, RFC 6238: HMAC-SHA1, 30 s, six digits, as all apps take it), and codes for the day the phone is lost.
/// The secret lies encrypted, the codes hashed.
/// </summary>
public sealed class SecondFactor
{
    private const int Seconds = 30, SecretLength = 20, RecoveryCount = 10;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public Guid AccountId { get; init; }
    public byte[] SealedSecret { get; private set; } = [];

    /// <summary>Null until the app has shown a right code: from then on it is asked for.</summary>
    public DateTimeOffset? ConfirmedAt { get; private set; }

    /// <summary>The last step that was used, in halves of a minute since 1970: each is good once.</summary>
    public long LastStep { get; private set; }

    public List<string> RecoveryHashes { get; private set; } = [];
    public uint Version { get; init; }

    /// <summary>A new secret, in base32 as apps take it typed.</summary>
    public string Begin(PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        (SealedSecret, ConfirmedAt, RecoveryHashes) = (data.Seal(secret, Place), null, []);
        return Base32(secret);
    }

    /// <summary>The codes for the day the phone is lost; told once.</summary>
    public IReadOnlyList<string>? Confirm(string typed, PersonalData data, DateTimeOffset now)
    {
        if (StepOf(typed, data, now) is not { } step) return null;
        (ConfirmedAt, LastStep) = (now, step);
        List<string> codes = [.. Enumerable.Range(0, RecoveryCount).Select(_ => RandomNumberGenerator.GetString(Alphabet, 10))];
        RecoveryHashes = codes.ConvertAll(code => HashOf(code, data));
        return codes;
    }

    /// <summary>Uses up a step or a recovery code; neither is good again. The row version lets no two through with one code.</summary>
    public bool Use(string typed, PersonalData data, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(typed);
        if (StepOf(typed, data, now) is { } step)
        {
            LastStep = step;
            return true;
        }
        var hash = HashOf(DocumentNumber.HalfWidth(typed).Replace("-", "", StringComparison.Ordinal), data);
        if (!RecoveryHashes.Contains(hash)) return false;
        RecoveryHashes = [.. RecoveryHashes.Where(kept => kept != hash)];
        return true;
    }

    /// <summary>RFC 4226 5.3.</summary>
    public static string CodeOf(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // SHA-1's collisions do not weaken its HMAC, and apps know no other
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>RFC 4648, without padding: 20 bytes are 32 letters.</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (bits, kept) = (0, 0);
        foreach (var b in bytes)
        {
            (bits, kept) = (((bits << 8) | b) & 0xFFFF, kept + 8);
            for (; kept >= 5; kept -= 5) text.Append(Alphabet[(bits >> (kept - 5)) & 31]);
        }
        return kept > 0 ? text.Append(Alphabet[(bits << (5 - kept)) & 31]).ToString() : text.ToString();
    }

    /// <summary>The step whose code was typed, one before and one after included for clocks that go wrong; null where it is none, or used.</summary>
    private long? StepOf(string typed, PersonalData data, DateTimeOffset now)
    {
        var (secret, present, code) = (data.Open(SealedSecret, Place), now.ToUnixTimeSeconds() / Seconds, Encoding.UTF8.GetBytes(DocumentNumber.HalfWidth(typed)));
        return Enumerable.Range(-1, 3).Select(n => present + n).Where(step => step > LastStep && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeOf(secret, step)), code)).Cast<long?>().FirstOrDefault();
    }

    private string Place => $"second_factors.sealed_secret/{AccountId:N}";

    private static string HashOf(string code, PersonalData data) => Convert.ToHexString(data.Hash("recovery code", code));
}
