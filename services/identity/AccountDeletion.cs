namespace ExamPlatform.Identities;

/// <summary>
/// A candidate asked to have account and data deleted. Taken back, the row goes; carried out, it stays as the proof that it was done. First the account is closed, and once nobody can
/// hold an access token of it any more, what is kept of the person goes: so nothing of theirs arrives after it.
/// </summary>
public sealed class AccountDeletion
{
    public Guid AccountId { get; init; }
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>The end of the cooling-off. What an exam still needs may make it later.</summary>
    public DateTimeOffset NotBefore { get; init; }
    public DateTimeOffset? ClosedAt { get; private set; }
    public DateTimeOffset? CarriedOutAt { get; private set; }
    public uint Version { get; init; }

    public static AccountDeletion Ask(Guid account, TimeSpan coolingOff, DateTimeOffset now) => new() { AccountId = account, AskedAt = now, NotBefore = now + coolingOff };

    public Refusal? TakeBack() => ClosedAt is null ? null : new("deletion-begun", "The account is being deleted; it cannot be taken back any more.");

    /// <param name="account">Whose it is.</param>
    /// <param name="held">Whether an exam still needs something of it.</param>
    /// <param name="now">This moment.</param>
    public Refusal? Close(Account account, bool held, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (now < NotBefore) return new("deletion-cooling-off", $"It can be taken back until {NotBefore:u}.");
        if (held) return new("deletion-held", "An exam still needs the data of an application.");
        account.Close(now);
        ClosedAt = now;
        return null;
    }

    public Refusal? CarryOut(Candidate candidate, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (ClosedAt is not { } closed || now < closed + Tokens.AccessTokenLife) return new("deletion-open", "An access token of it may still be good.");
        candidate.Forget(now);
        CarriedOutAt = now;
        return null;
    }
}
