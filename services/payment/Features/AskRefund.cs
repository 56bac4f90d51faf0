using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Payments.Features;

/// <summary>An officer asks for money of an order to go back. A second officer decides, then it is sent to the bank.</summary>
public static class AskRefund
{
    /// <param name="AmountInFen">A part of what can still go back, or all of it.</param>
    /// <param name="Reason">For the second officer; at most 500 characters, and nothing that names the candidate.</param>
    public sealed record Request(long AmountInFen, string Reason);

    /// <param name="StillRefundableInFen">Of the same order, after this one.</param>
    public sealed record Reply(Guid RefundId, long AmountInFen, long StillRefundableInFen);

    public static void MapAskRefund(this IEndpointRouteBuilder app) => app.MapPost("/api/payments/orders/{id:guid}/refunds", Handle).RequireAuthorization(TokenNames.Officer)
        .WithName("ask-refund").WithTags("payment").WithSummary("Asks for money of a paid order to go back; another officer decides.").WithIdempotencyKey<PaymentDb>();

    private static async Task<Results<Created<Reply>, ProblemHttpResult>> Handle(Guid id, Request request, Me me, PaymentDb db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.FeeOfOrder(id, me, ct) is not { } feeId) return Problems.NotFound();
        if (PaymentOfficers.CheckRefunds(me) is { } wrongLevel) return Problems.Of(StatusCodes.Status403Forbidden, wrongLevel.Code, wrongLevel.Detail);
        var faults = new Faults().Add(request.AmountInFen < 1, "amountInFen", "out-of-range", "At least 1 fen.");
        var reason = PaymentOfficers.Words(request.Reason, "reason", faults);
        if (faults.Any) return faults.ToProblem();
        await using var transaction = await db.BeginOrJoin(ct);
        var fee = (await db.LockFee(feeId, ct))!;
        var order = fee.Orders.Single(o => o.Id == id);
        if (fee.AskRefund(order, request.AmountInFen, reason, me.Id, clock.GetUtcNow(), out var refund) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        if (transaction is not null) await transaction.CommitAsync(ct);
        return TypedResults.Created((string?)null, new Reply(refund.Id, refund.AmountInFen, fee.RefundableInFen(order)));
    }
}
