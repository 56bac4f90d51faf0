using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

/// <summary>The account is gone: all uploads of the person go, the files first, so that a repeat finds their rows. Who looked at what stays, as ids.</summary>
public sealed class ForgetCandidate(DocumentDb db, IFileStore store, ILogger<ForgetCandidate> log) : Consumer<DocumentDb, AccountDeleted>(db, log)
{
    protected override async Task<Refusal?> Handle(AccountDeleted message, CancellationToken cancellationToken)
    {
        var ids = await Db.Documents.Where(d => d.CandidateId == message.CandidateId).Select(d => d.Id).ToListAsync(cancellationToken);
        foreach (var id in ids) await store.DeleteAsync(id, cancellationToken);
        await Db.Holdings.Where(h => ids.Contains(h.DocumentId)).ExecuteDeleteAsync(cancellationToken);
        await Db.Documents.Where(d => ids.Contains(d.Id)).ExecuteDeleteAsync(cancellationToken); // history goes with them
        await Db.KeptAnswers.Where(a => a.ActorId == message.CandidateId).ExecuteDeleteAsync(cancellationToken);
        return null;
    }
}

/// <summary>The exam no longer needs these applications: officers open their uploads no more, and what no other application of the person uses goes.</summary>
public sealed class ForgetApplications(DocumentDb db, TimeProvider clock, ILogger<ForgetApplications> log) : Consumer<DocumentDb, ApplicationsCleared>(db, log)
{
    protected override async Task<Refusal?> Handle(ApplicationsCleared message, CancellationToken cancellationToken)
    {
        var holdings = await Db.Holdings.Where(h => message.ApplicationIds.Contains(h.ApplicationId)).ToListAsync(cancellationToken);
        Guid[] touched = [.. holdings.Select(h => h.DocumentId).Union(message.DocumentIds)];
        var free = await Db.Documents.Where(d => touched.Contains(d.Id) && !Db.Holdings.Any(h => h.DocumentId == d.Id && !message.ApplicationIds.Contains(h.ApplicationId))).ToListAsync(cancellationToken);
        foreach (var document in free) document.LetGo(unused: message.DocumentIds.Contains(document.Id), "retention-over", clock.GetUtcNow());
        Db.Holdings.RemoveRange(holdings);
        return null;
    }
}
