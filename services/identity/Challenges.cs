using System.Buffers.Binary;
using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>Section <c>Identity:Challenge</c>: when signing in asks for work, and for how much (docs/challenge.md).</summary>
public sealed class ChallengeSettings
{
    /// <summary>From so many wrong passwords in a row on; 0: never.</summary>
    [Range(0, 100)]
    public int AfterFailures { get; set; } = 3;

    /// <summary>From so many wrong passwords of one address in ten minutes on, whatever the account; 0: never. A training school's whole class may share one address.</summary>
    [Range(0, 100_000)]
    public int AfterFailuresOfAddress { get; set; } = 60;

    /// <summary>Leading zero bits: each doubles the work. 16 are 65,000 hashes on average, under a second on an old phone.</summary>
    [Range(1, 30)]
    public int Bits { get; set; } = 16;

    public TimeSpan Life { get; set; } = TimeSpan.FromMinutes(10);
}

/// <param name="Challenge">As it was given out.</param>
/// <param name="Nonce">What makes the hash begin with enough zeros; at most 20 characters.</param>
public sealed record WorkProof(string Challenge, string Nonce);

/// <summary>What is to be worked on.</summary>
/// <param name="Bits">How many zero bits SHA-256(<c>challenge:account:nonce</c>) begins with; account is the lower-case hex SHA-256 of what is sent as user name or number.</param>
public sealed record WorkOrder(string Challenge, int Bits, DateTimeOffset ExpiresAt);

/// <summary>
/// Work that a machine does unseen before another password is looked at: a person notices nothing, whoever guesses pays for each guess. Nothing is kept until it is used:
/// a challenge is random bytes, its end and its bits, under a MAC. Layout: 16 bytes random, 8 bytes end (Unix seconds), 1 byte bits, 16 bytes MAC.
/// </summary>
public sealed class Challenges(IdentityDb db, PersonalData data, Limits limits, IOptions<IdentitySettings> settings, TimeProvider clock)
{
    private const int Random = 16, Unsigned = Random + 8 + 1, Length = Unsigned + 16, LongestNonce = 20;
    private static readonly TimeSpan AddressMemory = TimeSpan.FromMinutes(10);
    private readonly ChallengeSettings rule = settings.Value.Challenge;

    public WorkOrder Give()
    {
        var now = clock.GetUtcNow();
        var whole = new byte[Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, Random));
        BinaryPrimitives.WriteInt64BigEndian(whole.AsSpan(Random), (now + rule.Life).ToUnixTimeSeconds());
        whole[Unsigned - 1] = (byte)rule.Bits;
        Mac(whole).CopyTo(whole.AsSpan(Unsigned));
        return new(Base64Url.EncodeToString(whole), rule.Bits, DateTimeOffset.FromUnixTimeSeconds((now + rule.Life).ToUnixTimeSeconds()));
    }

    /// <param name="key">Under which wrong passwords of this account are counted.</param>
    public async Task<bool> AreWanted(byte[] key, string address, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - settings.Value.LockOut.Memory;
        if (rule.AfterFailures > 0 && await db.FailedSignIns.AnyAsync(f => f.Key == key && f.Failures >= rule.AfterFailures && f.LastAt >= since, cancellationToken)) return true;
        return rule.AfterFailuresOfAddress > 0 && await limits.Count("wrong sign-ins", address, cancellationToken) >= rule.AfterFailuresOfAddress;
    }

    public Task Failed(string address, CancellationToken cancellationToken) => limits.Take("wrong sign-ins", address, int.MaxValue, AddressMemory, cancellationToken);

    /// <summary>Whether the work was done for this account, and not used before.</summary>
    public async Task<bool> Accept(WorkProof proof, string account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(proof);
        return IsRight(proof, account, clock.GetUtcNow()) && await limits.Take("challenge", proof.Challenge, 1, rule.Life, cancellationToken) is null;
    }

    public bool IsRight(WorkProof proof, string account, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(proof);
        var whole = new byte[Length];
        if (proof.Nonce.Length is 0 or > LongestNonce || proof.Challenge.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(proof.Challenge)) return false;
        if (!Base64Url.TryDecodeFromChars(proof.Challenge, whole, out var length) || length != Length) return false;
        if (Base64Url.EncodeToString(whole) != proof.Challenge) return false; // one way of writing it, or it could be used twice
        if (!CryptographicOperations.FixedTimeEquals(Mac(whole), whole.AsSpan(Unsigned))) return false;
        if (BinaryPrimitives.ReadInt64BigEndian(whole.AsSpan(Random)) <= now.ToUnixTimeSeconds()) return false;
        return ZeroBits(HashOf(proof.Challenge, account, proof.Nonce)) >= whole[Unsigned - 1];
    }

    /// <summary>SHA-256 of <c>challenge:account:nonce</c>, the account by its own SHA-256.</summary>
    public static byte[] HashOf(string challenge, string account, string nonce) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{challenge}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account)))}:{nonce}"));

    public static int ZeroBits(ReadOnlySpan<byte> hash)
    {
        var whole = hash.IndexOfAnyExcept((byte)0);
        return whole < 0 ? hash.Length * 8 : (whole * 8) + BitOperations.LeadingZeroCount((uint)hash[whole]) - 24;
    }

    private byte[] Mac(byte[] whole) => data.Hash("challenge", Convert.ToHexString(whole.AsSpan(0, Unsigned)))[..(Length - Unsigned)];
}
