using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>The candidate wants another way of paying: what is open at the bank is closed there first, so that nobody pays twice.</summary>
public static class LeaveOrder
{
    public static void MapLeaveOrder(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/payments/fees/{id:guid}/orders/closing", Handle).RequireAuthorization(TokenNames.Candidate)
            .WithName("leave-order").WithTags("payment").WithSummary("Closes the open payment at the bank, so that another way can be chosen.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Me me, HttpResponse response, PaymentDb db, Bank bank, TimeProvider clock, CancellationToken ct)
    {
        var fee = await db.Fees.AsNoTracking().Include(f => f.Orders).SingleOrDefaultAsync(f => f.Id == id && f.CandidateId == me.Id, ct);
        if (fee is null) return Problems.NotFound();
        var left = fee.LiveOrder;
        if (left is not null && !(left.State == OrderState.Opening && left.IsInFlight(clock.GetUtcNow()))) fee = await bank.Close(left, CancellationToken.None);
        if (fee.State == FeeState.Paid) return Problems.Of(409, "fee-paid", "The bank says it is paid; look at the fee.");
        if (fee.LiveOrder is null) return TypedResults.NoContent();
        response.Headers.RetryAfter = "5";
        return Problems.Of(503, "payment-unknown", "The bank has not said yet what became of the payment; it is being asked. Look again in a moment instead of paying twice.");
    }
}
