using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications;

/// <summary>A candidate asked to have their account deleted, or took that back: the latest counts, in whichever order they come. While it holds nothing new is begun or sent in, so that nothing comes to hold the account.</summary>
public sealed class LeavingCandidate
{
    public Guid CandidateId { get; init; }
    public bool Leaving { get; private set; }
    public DateTimeOffset At { get; private set; }

    public void Hear(bool leaving, DateTimeOffset at)
    {
        if (at >= At) (Leaving, At) = (leaving, at);
    }
}

internal static class LeavingCandidates
{
    public static async Task<LeavingCandidate> Leaving(this ApplicationDb db, Guid candidate, CancellationToken ct) =>
        await db.LeavingCandidates.FindAsync([candidate], ct) ?? db.LeavingCandidates.Add(new() { CandidateId = candidate }).Entity;

    public static async Task<Refusal?> WhileLeaving(this ApplicationDb db, Guid candidate, CancellationToken ct) => await db.LeavingCandidates.AnyAsync(l => l.CandidateId == candidate && l.Leaving, ct) ? Refused : null;

    public static Refusal Refused { get; } = new("account-leaving", "The account is to be deleted; take that back first: DELETE /api/identity/me/deletion.");
}
