using System.Buffers.Text;
using System.Security.Cryptography;

namespace ExamPlatform.Identities;

/// <summary>What a person sends back who went to the face verification: which one, and the secret that only who began it has.</summary>
public sealed record FaceProof(Guid Id, string Secret);

/// <summary>
/// A face verification on the way: of who typed a name and a resident ID. Whether that is somebody's account is told by nothing: the provider is asked about anybody.
/// </summary>
public sealed class FaceCheck
{
    public const int MostTries = 10;

    /// <summary>From the beginning to the new password.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public Guid Id { get; private init; }

    /// <summary>Whose account it opens; null where name and number are nobody's.</summary>
    public Guid? AccountId { get; private init; }

    /// <summary>SHA-256 of 256 random bits.</summary>
    public byte[] SecretHash { get; private init; } = [];

    /// <summary>The provider's name for it.</summary>
    public required string ProviderId { get; init; }

    public DateTimeOffset BegunAt { get; private init; }
    public DateTimeOffset ExpiresAt { get; private init; }
    public int Tries { get; private set; }
    public DateTimeOffset? UsedAt { get; private set; }
    public uint Version { get; init; }

    /// <returns>What is kept, and the secret that only the person gets.</returns>
    public static (FaceCheck Kept, string Secret) Begin(Guid? account, string providerId, DateTimeOffset now)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (new() { Id = Guid.NewGuid(), AccountId = account, SecretHash = RefreshToken.HashOf(secret), ProviderId = providerId, BegunAt = now, ExpiresAt = now + Life }, secret);
    }

    public bool IsOver(DateTimeOffset now) => UsedAt is not null || Tries >= MostTries || now >= ExpiresAt;

    public bool IsOf(FaceProof proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        return CryptographicOperations.FixedTimeEquals(SecretHash, RefreshToken.HashOf(proof.Secret));
    }

    /// <summary>A try counts whatever comes of it: save also when refused. The row version lets no two pass at once.</summary>
    public bool Use(FaceResult result, Guid account, DateTimeOffset now)
    {
        if (IsOver(now)) return false;
        Tries++;
        if (result is not FaceResult.Passed || AccountId != account) return false;
        UsedAt = now;
        return true;
    }
}
