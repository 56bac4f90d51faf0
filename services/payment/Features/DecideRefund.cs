using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>The second officer approves or declines a refund. An approved one is sent to the bank by the watch, within seconds.</summary>
public static class DecideRefund
{
    /// <param name="Note">Required to decline; at most 500 characters.</param>
    public sealed record Request(bool Approve, string? Note = null);

    public static void MapDecideRefund(this IEndpointRouteBuilder app) => app.MapPost("/api/payments/refunds/{id:guid}/decision", Handle).RequireAuthorization(TokenNames.Officer)
        .WithName("decide-refund").WithTags("payment").WithSummary("Approves or declines a refund; never by the officer who asked for it.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Request request, Me me, PaymentDb db, TimeProvider clock, CancellationToken ct)
    {
        var feeId = await db.Fees.Where(f => f.AreaPath.StartsWith(me.AreaPath) && f.Refunds.Any(r => r.Id == id)).Select(f => (Guid?)f.Id).SingleOrDefaultAsync(ct);
        if (feeId is null) return Problems.NotFound();
        if (PaymentOfficers.CheckRefunds(me) is { } wrongLevel) return Problems.Of(StatusCodes.Status403Forbidden, wrongLevel.Code, wrongLevel.Detail);
        var faults = new Faults();
        var note = request.Approve && string.IsNullOrWhiteSpace(request.Note) ? null : PaymentOfficers.Words(request.Note, "note", faults);
        if (faults.Any) return faults.ToProblem();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var fee = (await db.LockFee(feeId.Value, ct))!;
        if (fee.DecideRefund(fee.Refunds.Single(r => r.Id == id), request.Approve, note, me.Id, clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
