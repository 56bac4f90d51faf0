using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>What officers see of money in their jurisdiction: the orders of an application, and refunds by where they stand.</summary>
public static class ListRefunds
{
    private const int PageSize = 50;

    /// <param name="Fees">Newest first.</param>
    public sealed record PaidApplication(Guid ApplicationId, IReadOnlyList<FeeSeen> Fees);

    public sealed record FeeSeen(Guid FeeId, string Programme, string Session, string AreaPath, FeeState State, long AmountInFen, DateTimeOffset? PaidAt, bool Trial, IReadOnlyList<OrderSeen> Orders);

    /// <param name="RefundableInFen">What can still be asked back.</param>
    public sealed record OrderSeen(Guid OrderId, string Number, string Channel, OrderState State, long AmountInFen, DateTimeOffset CreatedAt, DateTimeOffset? PaidAt, long RefundableInFen, IReadOnlyList<RefundSeen> Refunds);

    /// <param name="AskedBy">The officer; null where the platform sends back money that paid for nothing.</param>
    /// <param name="FailedBecause">The bank's code, where it could not or would not.</param>
    /// <param name="Mine">Whether the asking officer asked for it, who then cannot decide.</param>
    public sealed record RefundSeen(Guid RefundId, Guid ApplicationId, Guid OrderId, string Number, string AreaPath, RefundState State, long AmountInFen, string? Reason, Guid? AskedBy, DateTimeOffset AskedAt,
        Guid? DecidedBy, DateTimeOffset? DecidedAt, string? Note, DateTimeOffset? DoneAt, string? FailedBecause, bool Mine);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record RefundPage(IReadOnlyList<RefundSeen> Refunds, string? Next);

    public static void MapListRefunds(this IEndpointRouteBuilder app)
    {
        var officers = app.MapGroup("/api/payments").RequireAuthorization(TokenNames.Officer).WithTags("payment");
        officers.MapGet("/refunds", List).WithName("list-refunds").WithSummary("Refunds of the officer's jurisdiction, newest first; of one state, or all.");
        officers.MapGet("/applications/{applicationId:guid}", Show).WithName("show-application-payments").WithSummary("An application's fees and orders with what can still be refunded.");
    }

    private static async Task<Results<Ok<RefundPage>, ProblemHttpResult>> List(Me me, PaymentDb db, CancellationToken ct, string? state = null, string? cursor = null)
    {
        var (before, wanted) = (Guid.AllBitsSet, default(RefundState));
        var faults = new Faults().Add(cursor is not null && !Guid.TryParseExact(cursor, "N", out before), "cursor", "unknown-cursor", "Send the cursor as the last page gave it.")
            .Add(state is not null && !Enum.TryParse(state, ignoreCase: true, out wanted), "state", "unknown-state", $"One of {string.Join(", ", Enum.GetNames<RefundState>())}.");
        if (faults.Any) return faults.ToProblem();
        var found = await (from refund in db.Refunds.AsNoTracking()
                           join fee in db.Fees on refund.FeeId equals fee.Id
                           where fee.AreaPath.StartsWith(me.AreaPath) && (state == null || refund.State == wanted) && refund.Id < before
                           orderby refund.Id descending
                           select new { refund, fee.ApplicationId, fee.AreaPath }).Take(PageSize + 1).ToListAsync(ct);
        return TypedResults.Ok(new RefundPage([.. found.Take(PageSize).Select(f => Tell(f.refund, f.ApplicationId, f.AreaPath, me))], found.Count > PageSize ? found[PageSize - 1].refund.Id.ToString("N") : null));
    }

    private static async Task<Results<Ok<PaidApplication>, ProblemHttpResult>> Show(Guid applicationId, Me me, PaymentDb db, CancellationToken ct)
    {
        var fees = await db.Fees.AsNoTracking().Include(f => f.Orders).Include(f => f.Refunds).Where(f => f.ApplicationId == applicationId && f.AreaPath.StartsWith(me.AreaPath)).OrderByDescending(f => f.FellDueAt).ToListAsync(ct);
        if (fees.Count == 0) return Problems.NotFound();
        return TypedResults.Ok(new PaidApplication(applicationId, fees.ConvertAll(fee => new FeeSeen(fee.Id, fee.ProgrammeCode, fee.SessionCode, fee.AreaPath, fee.State, fee.AmountInFen, fee.PaidAt, fee.Trial,
            [.. fee.Orders.OrderByDescending(o => o.CreatedAt).Select(o => new OrderSeen(o.Id, o.Number, o.Channel, o.State, o.AmountInFen, o.CreatedAt, o.PaidAt, fee.Trial ? 0 : fee.RefundableInFen(o),
                [.. fee.Refunds.Where(r => r.OrderId == o.Id).OrderByDescending(r => r.AskedAt).Select(r => Tell(r, applicationId, fee.AreaPath, me))]))]))));
    }

    private static RefundSeen Tell(Refund r, Guid applicationId, string areaPath, Me me) => new(r.Id, applicationId, r.OrderId, r.Number, areaPath, r.State, r.AmountInFen, r.Reason, r.AskedBy, r.AskedAt,
        r.DecidedBy, r.DecidedAt, r.Note, r.DoneAt, r.FailedBecause, r.AskedBy == me.Id);
}
