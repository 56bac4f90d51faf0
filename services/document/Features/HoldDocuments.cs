using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

/// <summary>A submitted version holds these uploads: they stay, and officers of its area may open them.</summary>
public sealed class HoldDocuments(DocumentDb db, TimeProvider clock, ILogger<HoldDocuments> log) : Consumer<DocumentDb, ApplicationSubmitted>(db, log)
{
    protected override async Task<Refusal?> Handle(ApplicationSubmitted message, CancellationToken cancellationToken)
    {
        if (message.Trial && (await Db.Trial(message.ApplicationId, cancellationToken)).Discarded) return KnownTrials.Discarded;
        // only the candidate's own: a message can open nobody else's
        var documents = await Db.Documents.Where(d => d.CandidateId == message.CandidateId && message.DocumentIds.Contains(d.Id)).ToListAsync(cancellationToken);
        foreach (var document in documents)
        {
            document.Hold(clock.GetUtcNow());
            Db.Holdings.Add(new() { DocumentId = document.Id, ApplicationId = message.ApplicationId, Version = message.Version, AreaPath = message.AreaPath });
        }
        return null;
    }
}
