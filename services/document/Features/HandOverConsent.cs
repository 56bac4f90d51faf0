using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

/// <summary>A person was registered on a scanned consent: from now on the scan is theirs.</summary>
public sealed class HandOverConsent(DocumentDb db, TimeProvider clock, ILogger<HandOverConsent> log) : Consumer<DocumentDb, ConsentGiven>(db, log)
{
    protected override async Task<Refusal?> Handle(ConsentGiven message, CancellationToken cancellationToken)
    {
        var scan = await Db.Documents.SingleOrDefaultAsync(d => d.Id == message.DocumentId && d.UploadedBy == message.OfficerId, cancellationToken);
        return scan is null ? new("unknown-consent", $"Officer {message.OfficerId} brought no upload {message.DocumentId}.") : scan.HandOver(message.CandidateId, clock.GetUtcNow());
    }
}
