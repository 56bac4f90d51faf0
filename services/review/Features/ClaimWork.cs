using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>An officer takes work to decide it; for ten minutes nobody else can. Claiming again prolongs.</summary>
public static class ClaimWork
{
    public sealed record Claimed(DateTimeOffset ClaimedUntil);

    public static void MapClaimWork(this IEndpointRouteBuilder app) => app.MapPost("/work/{id:guid}/claim", Claim).WithName("claim-work")
        .WithSummary("Take work for ten minutes; 409 claimed-by-other with until while another officer holds it.");

    private static async Task<Results<Ok<Claimed>, ProblemHttpResult>> Claim(Guid id, Me me, ReviewDb db, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // the row lock makes the second of two officers wait, and then learn until when the first holds it
        var work = await db.Work.FromSql($"select w.*, w.xmin from work w where id = {id} for update").SingleOrDefaultAsync(Work.Of(me), ct);
        if (work is null) return Problems.NotFound();
        if (work.Claim(me.Id, clock.GetUtcNow()) is { } refusal)
            return Problems.Of(StatusCodes.Status409Conflict, refusal.Code, refusal.Detail, work.ClaimedUntil is { } until ? new Dictionary<string, object?> { ["until"] = until } : null);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(new Claimed(work.ClaimedUntil!.Value));
    }
}
