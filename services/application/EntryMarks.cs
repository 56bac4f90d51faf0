using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications;

/// <summary>
/// The marks on an entry of the profile (seed 003): 锁型图案, used by an application under way and not to be changed while it is; 对勾图案, seen and passed by a review, and trusted in
/// every later application.
/// </summary>
/// <param name="Applications">Those that lock it.</param>
public sealed record EntryMark(Guid EntryId, bool Locked, bool Verified, IReadOnlyList<Guid> Applications);

/// <summary>A submitted version as the marks need it.</summary>
/// <param name="Locks">Whether it is the version that counts, of an application whose standing locks entries.</param>
/// <param name="Passed">Whether it has passed all reviews.</param>
public sealed record SentVersion(Guid ApplicationId, bool Locks, bool Passed, ProfileGroups Profile);

public static class EntryMarks
{
    /// <summary>
    /// A version that is sent in locks the entries it names as it read them: its transaction writes the profile too, so that of two who change and send in at the same time the later is told to read
    /// again. It costs no round trip of its own.
    /// </summary>
    public static void LockEntriesAsRead(this ApplicationDb db, Profile? read)
    {
        if (read is not null) db.Entry(read).Property(p => p.ChangedAt).IsModified = true;
    }

    /// <summary>All that a person has ever sent in, practice apart, which neither locks nor vouches for anything: one query.</summary>
    public static async Task<IReadOnlyList<SentVersion>> SentVersions(this ApplicationDb db, Guid candidateId, CancellationToken ct)
    {
        var sent = await db.Submissions.AsNoTracking().Join(db.Applications.Where(a => a.CandidateId == candidateId && !a.Trial), s => s.ApplicationId, a => a.Id, (s, a) => new
        {
            a.Id,
            a.Standing,
            Latest = s.Number == a.Submitted,
            s.Profile,
            Passed = db.History.Any(h => h.ApplicationId == a.Id && h.VersionSeen == s.Number && (h.Event == LifeEvent.FallDue || h.Event == LifeEvent.Complete)),
        }).ToListAsync(ct);
        return sent.ConvertAll(s => new SentVersion(s.Id, s.Latest && s.Standing.LocksEntries(), s.Passed, s.Profile));
    }

    /// <summary>The marks of every entry of the profile.</summary>
    public static IReadOnlyList<EntryMark> Of(ProfileGroups profile, IReadOnlyList<SentVersion> sent) =>
        [.. ProfileGroups.Lists.SelectMany(list => profile.Entries(list).Select(entry => Of(entry, list, sent)))];

    /// <summary>The marks of those entries that are locked and that <paramref name="after"/> changes or leaves out.</summary>
    public static IReadOnlyList<EntryMark> Broken(ProfileGroups before, ProfileGroups after, IReadOnlyList<SentVersion> sent) =>
        [.. ProfileGroups.Lists.SelectMany(list => Touched(before, after, list).Select(entry => Of(entry, list, sent))).Where(mark => mark.Locked)];

    /// <summary>Whether any entry is changed or left out.</summary>
    public static bool Touches(ProfileGroups before, ProfileGroups after) => ProfileGroups.Lists.Any(list => Touched(before, after, list).Any());

    private static IEnumerable<IProfileEntry> Touched(ProfileGroups before, ProfileGroups after, ProfileGroup list) =>
        before.Entries(list).Where(entry => !after.Entries(list).Any(e => e.Id == entry.Id && e.Content().Equals(entry.Content())));

    private static EntryMark Of(IProfileEntry entry, ProfileGroup list, IReadOnlyList<SentVersion> sent)
    {
        Guid[] locking = [.. sent.Where(s => s.Locks && s.Profile.Entries(list).Any(e => e.Id == entry.Id)).Select(s => s.ApplicationId).Order()];
        return new(entry.Id!.Value, locking.Length > 0, sent.Any(s => s.Passed && s.Profile.Entries(list).Any(e => e.Content().Equals(entry.Content()))), locking);
    }
}
