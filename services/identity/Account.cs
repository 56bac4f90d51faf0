namespace ExamPlatform.Identities;

public enum AccountRole
{
    Candidate,
    Officer,
    Operator,
}

/// <summary>What a person signs in with. A candidate or an officer of the same id says who that is.</summary>
public sealed class Account
{
    private static readonly TimeSpan FirstPasswordLife = TimeSpan.FromDays(7);

    public Guid Id { get; init; }
    public AccountRole Role { get; init; }

    /// <summary>Lower case; candidates may have none and sign in by their document.</summary>
    public string? UserName { get; internal set; }

    /// <summary>How often the password has been replaced. A session that began under an older one is over, also one that was just being started.</summary>
    public int PasswordChanges { get; private set; }

    /// <summary>PBKDF2 with HMAC-SHA512, own salt; the rounds stand in it (<see cref="PasswordWorkSettings.Iterations"/>). Empty for who was registered at the counter: no password is right until the account is recovered.</summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>Until when a password that was made for the person signs in, and to nothing but replacing it; null for one's own.</summary>
    public DateTimeOffset? FirstPasswordUntil { get; private set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on nobody is found under it: its owner asked for it to be deleted (<see cref="AccountDeletion"/>).</summary>
    public DateTimeOffset? ClosedAt { get; private set; }
    public uint Version { get; init; }

    /// <summary>Nobody signs in any more, also who is just signing in.</summary>
    public void Close(DateTimeOffset now)
    {
        ReplacePassword("");
        (UserName, ClosedAt) = (null, now);
    }

    public void ReplacePassword(string hash)
    {
        (PasswordHash, FirstPasswordUntil) = (hash, null);
        PasswordChanges++;
    }

    /// <summary>The password is one that was made for the person.</summary>
    public void IsFirst(DateTimeOffset now) => FirstPasswordUntil = now + FirstPasswordLife;

    /// <summary>Under which wrong passwords are counted, wherever one is asked for.</summary>
    public byte[] LockKey(PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Hash("account", Id.ToString());
    }

    /// <summary>The role as the access token names it.</summary>
    public string RoleName => Role switch
    {
        AccountRole.Candidate => TokenNames.Candidate,
        AccountRole.Officer => TokenNames.Officer,
        _ => TokenNames.Operator,
    };
}
