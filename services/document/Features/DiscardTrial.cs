using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

/// <summary>Practice was thrown away: officers open its uploads no more, and what no other application of the person uses goes. What a real submission holds stays, whatever the message says.</summary>
public sealed class DiscardTrial(DocumentDb db, TimeProvider clock, ILogger<DiscardTrial> log) : Consumer<DocumentDb, TrialDiscarded>(db, log)
{
    protected override async Task<Refusal?> Handle(TrialDiscarded message, CancellationToken cancellationToken)
    {
        foreach (var application in message.ApplicationIds) (await Db.Trial(application, cancellationToken)).Discarded = true;
        var holdings = await Db.Holdings.Where(h => message.ApplicationIds.Contains(h.ApplicationId)).ToListAsync(cancellationToken);
        Guid[] touched = [.. holdings.Select(h => h.DocumentId).Union(message.DocumentIds)];
        var free = await Db.Documents.Where(d => touched.Contains(d.Id) && !Db.Holdings.Any(h => h.DocumentId == d.Id && !message.ApplicationIds.Contains(h.ApplicationId))).ToListAsync(cancellationToken);
        foreach (var document in free) document.LetGo(unused: message.DocumentIds.Contains(document.Id), "trial-discarded", clock.GetUtcNow());
        await Db.Looks.Where(l => touched.Contains(l.DocumentId) && l.ApplicationId != null && message.ApplicationIds.Contains(l.ApplicationId.Value)).ExecuteDeleteAsync(cancellationToken);
        Db.Holdings.RemoveRange(holdings);
        return null;
    }
}
