using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ExamPlatform.Identities;

public enum SessionEnd
{
    SignedOut,

    /// <summary>A refresh token came a second time: one of the two who hold it is not the person.</summary>
    TokenReused,

    /// <summary>The password was changed in another session.</summary>
    PasswordChanged,

    /// <summary>The account was recovered, or an officer let in anew.</summary>
    Recovered,

    /// <summary>By its owner, in another session.</summary>
    EndedElsewhere,

    Dismissed,
}

/// <summary>One signing-in and all refresh tokens that came from it.</summary>
public sealed class Session
{
    private const int LongestAgent = 200;

    public Guid Id { get; init; }
    public Guid AccountId { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public DateTimeOffset? EndedAt { get; private set; }
    public SessionEnd? EndedBy { get; private set; }

    /// <summary>Whence it began, for its owner to recognize.</summary>
    public string Address { get; init; } = "";

    /// <summary>What the browser calls itself; empty where it does not say.</summary>
    public string Agent { get; init; } = "";

    /// <summary>The account's, when the session began.</summary>
    public int PasswordChanges { get; private set; }
    public uint Version { get; init; }

    public static Session Begin(Account account, TimeSpan life, DateTimeOffset now, string address = "", string agent = "")
    {
        ArgumentNullException.ThrowIfNull(account);
        return new() { Id = Guid.CreateVersion7(), AccountId = account.Id, StartedAt = now, EndsAt = now + life, PasswordChanges = account.PasswordChanges, Address = address, Agent = agent[..Math.Min(agent.Length, LongestAgent)] };
    }

    /// <summary>Whether it can go on: a session of a replaced password cannot, even where it was not there yet to be ended.</summary>
    public bool IsOpen(Account account, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(account);
        return EndedAt is null && now < EndsAt && PasswordChanges == account.PasswordChanges;
    }

    /// <summary>The session in which the password was changed goes on with the new one.</summary>
    public void Follow(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        PasswordChanges = account.PasswordChanges;
    }

    /// <summary>The first end counts; ending again changes nothing.</summary>
    public void End(SessionEnd by, DateTimeOffset now)
    {
        if (EndedAt is null) (EndedAt, EndedBy) = (now, by);
    }
}

/// <summary>Good for one refresh. Only its hash is kept; 256 random bits need no salt.</summary>
public sealed class RefreshToken
{
    public Guid Id { get; init; }
    public Guid SessionId { get; init; }
    public byte[] Hash { get; init; } = [];
    public DateTimeOffset IssuedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; private set; }
    public uint Version { get; init; }

    public static (RefreshToken Kept, string Secret) Create(Session session, TimeSpan life, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var ends = now + life < session.EndsAt ? now + life : session.EndsAt;
        return (new() { Id = Guid.CreateVersion7(), SessionId = session.Id, Hash = HashOf(secret), IssuedAt = now, ExpiresAt = ends }, secret);
    }

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Uses the token up. A second use ends the session it belongs to.</summary>
    public Refusal? Use(Session session, Account account, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (UsedAt is not null)
        {
            session.End(SessionEnd.TokenReused, now);
            return new("refresh-token-reused", "This refresh token was used before, so the session has been ended for safety; sign in again.");
        }
        if (!session.IsOpen(account, now)) return new("session-ended", "This session has ended; sign in again.");
        if (now >= ExpiresAt) return new("refresh-token-expired", "Too long without a sign of life; sign in again.");
        UsedAt = now;
        return null;
    }
}
