using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>A national officer has seen to a difference outside of the platform and says how. The ledger keeps it in the account of differences.</summary>
public static class SettleDifference
{
    /// <param name="Note">What it was and what was done; at most 500 characters, and nothing that names a candidate.</param>
    public sealed record Request(string Note);

    public static void MapSettleDifference(this IEndpointRouteBuilder app) => app.MapPost("/api/payments/differences/{id:guid}/settlement", Handle).RequireAuthorization(TokenNames.Officer)
        .WithName("settle-bill-difference").WithTags("payment").WithSummary("Settles a difference between a bill and the books, with a note.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Request request, Me me, PaymentDb db, TimeProvider clock, CancellationToken ct)
    {
        if (PaymentOfficers.CheckBooks(me) is not null || await db.BillDifferences.SingleOrDefaultAsync(d => d.Id == id, ct) is not { } difference) return Problems.NotFound();
        var faults = new Faults();
        var note = PaymentOfficers.Words(request.Note, "note", faults);
        if (faults.Any) return faults.ToProblem();
        if (difference.Settle(me.Id, note, clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
