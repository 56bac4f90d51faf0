using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>While somebody is about to leave, nothing new is begun for them.</summary>
public sealed class HearOfDeletion(ApplicationDb db, ILogger<HearOfDeletion> log) : Consumer<ApplicationDb, AccountDeletionAsked>(db, log)
{
    protected override async Task<Refusal?> Handle(AccountDeletionAsked message, CancellationToken cancellationToken)
    {
        (await Db.Leaving(message.CandidateId, cancellationToken)).Hear(leaving: true, message.At);
        return null;
    }
}

public sealed class HearOfStaying(ApplicationDb db, ILogger<HearOfStaying> log) : Consumer<ApplicationDb, AccountDeletionTakenBack>(db, log)
{
    protected override async Task<Refusal?> Handle(AccountDeletionTakenBack message, CancellationToken cancellationToken)
    {
        (await Db.Leaving(message.CandidateId, cancellationToken)).Hear(leaving: false, message.At);
        return null;
    }
}

/// <summary>The account is gone: profile and drafts go, and of applications that nothing held any more what was left of the person.</summary>
public sealed class LetCandidatesLeave(ApplicationDb db, TimeProvider clock, ILogger<LetCandidatesLeave> log) : Consumer<ApplicationDb, AccountDeleted>(db, log)
{
    protected override async Task<Refusal?> Handle(AccountDeleted message, CancellationToken cancellationToken)
    {
        (await Db.Leaving(message.CandidateId, cancellationToken)).Hear(leaving: true, message.At);
        await using var transaction = await Db.Database.BeginTransactionAsync(cancellationToken);
        var left = await Db.Applications.FromSql($"select *, xmin from applications where candidate_id = {message.CandidateId} and cleared_at is null order by id for update").ToListAsync(cancellationToken);
        await KeepTrials.Discard(Db, left.FindAll(a => a.Trial), clock.GetUtcNow(), cancellationToken);
        await Db.Clear(left.FindAll(a => !a.Trial), clock.GetUtcNow(), cancellationToken);
        await Db.Profiles.Where(p => p.CandidateId == message.CandidateId).ExecuteDeleteAsync(cancellationToken);
        await Db.KeptAnswers.Where(a => a.ActorId == message.CandidateId).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null; // told again, it finds nothing left
    }
}
