using ExamPlatform.Applications.Contracts;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Reviews.Features;

/// <summary>An officer passes many at once: each is claimed and passed by the same rules, for itself; how many is kept.</summary>
public static class BulkPassWork
{
    // application answers about one submission at a time
    private const int AtOnce = 8;
    private const string Away = "temporarily-unavailable";

    /// <summary>The gateway waits 15 s for an answer; what has not been begun by then is told, and can be sent again.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(8);

    public sealed record BulkPassRequest(IReadOnlyList<BulkItem> Items);

    /// <param name="Version">The submission the officer saw.</param>
    public sealed record BulkItem(Guid WorkId, int Version);

    public sealed record BulkPassed(int Asked, int Passed, IReadOnlyList<BulkAnswer> Items);

    /// <param name="Outcome"><c>passed</c>, <c>not-begun</c>, or the code of the refusal.</param>
    public sealed record BulkAnswer(Guid WorkId, string Outcome);

    public static void MapBulkPassWork(this IEndpointRouteBuilder app) => app.MapPost("/work/bulk-pass", Pass).WithName("bulk-pass-work")
        .WithSummary("Claim and pass up to 200 pieces of work, each on the version that was seen; says of each what came of it.").WithIdempotencyKey<ReviewDb>();

    private static async Task<Results<Ok<BulkPassed>, ProblemHttpResult>> Pass(BulkPassRequest request, Me me, ReviewDb db, IServiceScopeFactory scopes, TimeProvider clock, CancellationToken ct)
    {
        if (FaultsOf(request.Items) is { Any: true } faults) return faults.ToProblem();
        var (outcomes, away, begun) = (new string[request.Items.Count], false, clock.GetTimestamp());
        await Parallel.ForEachAsync(Enumerable.Range(0, outcomes.Length), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (i, stop) =>
        {
            outcomes[i] = away ? Away : clock.GetElapsedTime(begun) > Enough ? "not-begun" : await PassOne(scopes, request.Items[i], me, clock, stop);
            away |= outcomes[i] == Away; // the others would wait for it as long
        });
        var kept = new BulkPass { Id = Guid.CreateVersion7(), OfficerId = me.Id, At = clock.GetUtcNow(), Asked = outcomes.Length, Passed = outcomes.Count(o => o == "passed") };
        db.BulkPasses.Add(kept);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new BulkPassed(kept.Asked, kept.Passed, [.. request.Items.Zip(outcomes, (item, outcome) => new BulkAnswer(item.WorkId, outcome))]));
    }

    private static Faults FaultsOf(IReadOnlyList<BulkItem> items)
    {
        var faults = new Faults().Add(items.Count == 0, "items", "required", "Name the work to pass.").Add(items.Count > BulkPass.Limit, "items", "too-many", $"At most {BulkPass.Limit} at once.");
        var seen = new HashSet<Guid>();
        for (var i = 0; i < items.Count; i++) faults.Add(!seen.Add(items[i].WorkId), $"items/{i}/workId", "repeated", "This work is in the list already.");
        return faults;
    }

    /// <summary>A scope, and so a transaction, of its own: what one item meets does not touch the others.</summary>
    private static async Task<string> PassOne(IServiceScopeFactory scopes, BulkItem item, Me me, TimeProvider clock, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, applications) = (scope.ServiceProvider.GetRequiredService<ReviewDb>(), scope.ServiceProvider.GetRequiredService<ApplicationAnswers.ApplicationAnswersClient>());
        try
        {
            var work = await db.Work.Where(Work.Of(me)).SingleOrDefaultAsync(w => w.Id == item.WorkId, ct);
            if (work is null) return "not-found";
            if ((work.Claim(me.Id, clock.GetUtcNow()) ?? (await work.Judge(Outcome.Pass, item.Version, me, db, applications, clock, ct)).Refusal) is { } refusal) return refusal.Code;
            await db.Tell(work, new(item.Version, Outcome.Pass), me, scope.ServiceProvider.GetRequiredService<OwnerKeys>(), clock, ct);
            await db.SaveChangesAsync(ct);
            return "passed";
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return "changed-meanwhile";
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return Away;
        }
    }
}
