using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities;

/// <summary>The one place where a password is replaced: whatever the old one let in ends, and its owner is told. Does not save.</summary>
public sealed class ReplacePassword(IdentityDb db, TimeProvider clock)
{
    /// <param name="kept">The session in which it is done, which goes on; null when all end.</param>
    public async Task Of(Account account, string hash, SessionEnd by, Guid? kept, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        account.ReplacePassword(hash);
        if (account.Role is AccountRole.Candidate) db.Publish(account.Id, new PasswordReplaced(account.Id, clock.GetUtcNow()));
        foreach (var session in await db.Sessions.Where(s => s.AccountId == account.Id && s.EndedAt == null).ToListAsync(cancellationToken))
        {
            if (session.Id == kept) session.Follow(account);
            else session.End(by, clock.GetUtcNow());
        }
        db.RemoveRange(await db.BindingRequests.Where(r => r.AccountId == account.Id).ToListAsync(cancellationToken));
        if (by is SessionEnd.Recovered) db.RemoveRange(await db.Bindings.Where(b => b.AccountId == account.Id).ToListAsync(cancellationToken)); // whoever was in may have bound their own
        foreach (var device in await db.DeviceSignIns.Where(d => d.AccountId == account.Id && d.State == DeviceSignInState.Approved).ToListAsync(cancellationToken)) device.End();
    }
}
