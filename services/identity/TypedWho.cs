using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities;

/// <summary>What somebody typed to say who they are.</summary>
/// <param name="UserName">Tidy; null where it is none.</param>
/// <param name="Number">Looked for where nobody has the user name, so that a passport that reads like one is found.</param>
public sealed record TypedWho(string? UserName, string? Number)
{
    /// <summary>Tells a user name from a document number.</summary>
    public static TypedWho Of(string typed) => new(Identities.UserName.Tidy(typed) is var name && Identities.UserName.IsRight(name) ? name : null, typed);

    /// <summary>Groups and counts what is tried on an account that does not exist.</summary>
    public string Key => UserName is not null ? $"user name {UserName}" : $"document {DocumentNumber.HalfWidth(Number!)}";

    public override string ToString() => nameof(TypedWho); // a record would print the number
}

/// <summary>Whose account was meant.</summary>
public sealed class FindAccount(IdentityDb db, PersonalData data)
{
    /// <param name="type">Where two documents of different types share a number.</param>
    public async Task<(Account? Account, Candidate? Candidate)> Of(TypedWho who, DocumentType? type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(who);
        if (who.UserName is { } userName && await db.Accounts.SingleOrDefaultAsync(a => a.UserName == userName, cancellationToken) is { } named) return (named, null);
        if (who.Number is not { } number) return (null, null);
        var hashes = DocumentNumber.Readings(number).Where(reading => type is null || reading.Type == type).Select(reading => Candidate.HashOf(data, reading.Type, reading.Key)).ToList();
        var found = await db.Candidates.AsNoTracking().Where(c => hashes.Contains(c.DocumentHash)).Take(2).ToListAsync(cancellationToken);
        return found is [var candidate] ? (await db.Accounts.SingleAsync(a => a.Id == candidate.Id, cancellationToken), candidate) : (null, null);
    }

    /// <summary>The candidate meant, if that mobile is theirs.</summary>
    public async Task<Account?> WithMobile(TypedWho who, string mobile, CancellationToken cancellationToken)
    {
        var (account, _) = await Of(who, null, cancellationToken);
        var (id, hash) = (account?.Id ?? Guid.Empty, Candidate.HashOfMobile(data, mobile));
        return await db.Candidates.AnyAsync(c => c.Id == id && c.MobileHash == hash, cancellationToken) ? account : null;
    }
}
