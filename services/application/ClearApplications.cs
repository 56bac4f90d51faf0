using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications;

/// <summary>Takes the person out of applications, here and, by a message, everywhere.</summary>
internal static class ClearApplications
{
    /// <param name="db">In a transaction that holds the rows; saved here, not committed.</param>
    public static async Task Clear(this ApplicationDb db, IReadOnlyList<Application> applications, DateTimeOffset now, CancellationToken ct)
    {
        if (applications.Count == 0) return;
        Guid[] ids = [.. applications.Select(a => a.Id)], candidates = [.. applications.Select(a => a.CandidateId).Distinct()];
        var uploads = await db.UploadsOnlyOf(ids, candidates, ct);
        foreach (var application in applications) application.Clear(now);
        db.Publish(ids[0], new ApplicationsCleared(ids, uploads, now));
        await db.SaveChangesAsync(ct); // the database lets go of what belongs to a cleared one
        await db.PrintedForms.Where(f => ids.Contains(f.ApplicationId)).ExecuteDeleteAsync(ct);
        await db.Submissions.Where(s => ids.Contains(s.ApplicationId)).ExecuteDeleteAsync(ct);
        await db.Objections.Where(o => ids.Contains(o.ApplicationId)).ExecuteUpdateAsync(set => set.SetProperty(o => o.Sealed, Array.Empty<byte>()).SetProperty(o => o.SealedAnswer, (byte[]?)null), ct);
        var answers = ids.Select(id => $"/api/applications/{id}%").ToArray();
        await db.KeptAnswers.Where(k => candidates.Contains(k.ActorId) && answers.Any(pattern => EF.Functions.Like(k.Location!, pattern))).ExecuteDeleteAsync(ct);
    }

    /// <summary>An upload is the person's: what another application uses as well stays.</summary>
    public static async Task<List<Guid>> UploadsOnlyOf(this ApplicationDb db, Guid[] ids, Guid[] candidates, CancellationToken ct)
    {
        var attached = await db.Applications.AsNoTracking().Where(a => candidates.Contains(a.CandidateId)).Select(a => new { a.Id, a.PhotoId, a.Documents }).ToListAsync(ct);
        var sent = await db.Submissions.Join(db.Applications.Where(a => candidates.Contains(a.CandidateId)), s => s.ApplicationId, a => a.Id, (s, a) => new { a.Id, s.PhotoId, s.Documents }).ToListAsync(ct);
        var used = attached.Concat(sent).SelectMany(use => use.Documents.Values.Append(use.PhotoId ?? Guid.Empty).Select(upload => (Going: ids.Contains(use.Id), Upload: upload))).ToLookup(use => use.Going, use => use.Upload);
        return [.. used[true].Except(used[false]).Where(upload => upload != Guid.Empty)];
    }
}
