using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>Practice was thrown away: its work goes, with decisions, looks and ticks. What stays is that no version of it is open, so late news opens nothing.</summary>
public sealed class DiscardTrial(ReviewDb db, ILogger<DiscardTrial> log) : Consumer<ReviewDb, TrialDiscarded>(db, log)
{
    protected override async Task<Refusal?> Handle(TrialDiscarded message, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. message.ApplicationIds];
        foreach (var application in ids) (await Db.Known(application, cancellationToken)).Close(int.MaxValue);
        // repeated as a whole when other news of one of them came at the same time: the rows above meet it
        await using var transaction = await Db.Database.BeginTransactionAsync(cancellationToken);
        await Db.Database.ExecuteSqlAsync($"select from work where trial and application_id = any({ids}) for update", cancellationToken); // no officer adds a look or a decision meanwhile
        var work = Db.Work.Where(w => w.Trial && ids.Contains(w.ApplicationId));
        await Db.PaperTicks.Where(t => work.Any(w => w.ApplicationId == t.ApplicationId)).ExecuteDeleteAsync(cancellationToken);
        await Db.Looks.Where(l => work.Any(w => w.Id == l.WorkId)).ExecuteDeleteAsync(cancellationToken);
        await Db.Decisions.Where(d => work.Any(w => w.Id == d.WorkId)).ExecuteDeleteAsync(cancellationToken);
        await Db.WorkTransitions.Where(t => work.Any(w => w.Id == t.WorkId)).ExecuteDeleteAsync(cancellationToken);
        await work.ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
