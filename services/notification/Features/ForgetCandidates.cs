using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>The account is gone: its inbox goes, with what was sent and what would have been, and what was asked.</summary>
public sealed class ForgetCandidate(NotificationDb db, ILogger<ForgetCandidate> log) : Consumer<NotificationDb, AccountDeleted>(db, log)
{
    protected override async Task<Refusal?> Handle(AccountDeleted message, CancellationToken cancellationToken)
    {
        await Db.Notices.Where(n => n.CandidateId == message.CandidateId).ExecuteDeleteAsync(cancellationToken);
        await Db.KnownApplications.Where(a => a.CandidateId == message.CandidateId).ExecuteDeleteAsync(cancellationToken);
        await Db.Questions.Where(q => q.CandidateId == message.CandidateId).ExecuteDeleteAsync(cancellationToken);
        await Db.NoticePreferences.Where(p => p.CandidateId == message.CandidateId).ExecuteDeleteAsync(cancellationToken);
        await Db.Subscriptions.Where(s => s.CandidateId == message.CandidateId).ExecuteDeleteAsync(cancellationToken);
        await Db.UndeliveredNotices.Where(u => u.CandidateId == message.CandidateId).ExecuteDeleteAsync(cancellationToken);
        await Db.BulkRecipients.Where(r => r.CandidateId == message.CandidateId).ExecuteDeleteAsync(cancellationToken);
        await Db.KeptAnswers.Where(a => a.ActorId == message.CandidateId).ExecuteDeleteAsync(cancellationToken);
        return null;
    }
}

/// <summary>What an exam no longer needs is told no longer either.</summary>
public sealed class ForgetApplications(NotificationDb db, ILogger<ForgetApplications> log) : Consumer<NotificationDb, ApplicationsCleared>(db, log)
{
    protected override async Task<Refusal?> Handle(ApplicationsCleared message, CancellationToken cancellationToken)
    {
        await Db.Notices.Where(n => n.ApplicationId != null && message.ApplicationIds.Contains(n.ApplicationId.Value)).ExecuteDeleteAsync(cancellationToken);
        await Db.UndeliveredNotices.Where(u => message.ApplicationIds.Contains(u.ApplicationId)).ExecuteDeleteAsync(cancellationToken);
        await Db.KnownApplications.Where(a => message.ApplicationIds.Contains(a.ApplicationId)).ExecuteDeleteAsync(cancellationToken);
        await Db.BulkRecipients.Where(r => message.ApplicationIds.Contains(r.ApplicationId)).ExecuteDeleteAsync(cancellationToken);
        return null;
    }
}
