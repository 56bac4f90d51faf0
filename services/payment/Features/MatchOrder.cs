using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>
/// 'Force to match the bank': an officer has an order asked after at the bank, and what it says is taken in even where the table of edges has no way there. The one path past the table, with an
/// event of its own in the history and so in the audit trail.
/// </summary>
public static class MatchOrder
{
    /// <param name="Reason">At most 500 characters, and nothing that names the candidate.</param>
    public sealed record Request(string Reason);

    public sealed record Reply(OrderState Was, OrderState State, FeeState FeeState);

    public static void MapMatchOrder(this IEndpointRouteBuilder app) => app.MapPost("/api/payments/orders/{id:guid}/match", Handle).RequireAuthorization(TokenNames.Officer)
        .WithName("match-order").WithTags("payment").WithSummary("Asks the bank about an order and makes the order what the bank says.");

    private static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(Guid id, Request request, Me me, PaymentDb db, Bank bank, CancellationToken ct)
    {
        if (await db.FeeOfOrder(id, me, ct) is null) return Problems.NotFound();
        if (PaymentOfficers.CheckRefunds(me) is { } wrongLevel) return Problems.Of(StatusCodes.Status403Forbidden, wrongLevel.Code, wrongLevel.Detail);
        var faults = new Faults();
        var reason = PaymentOfficers.Words(request.Reason, "reason", faults);
        if (faults.Any) return faults.ToProblem();
        var order = await db.PaymentOrders.AsNoTracking().SingleAsync(o => o.Id == id, ct);
        if (await bank.Match(order, reason, me.Id, ct) is { } refusal) return refusal.ToProblem();
        var fee = await db.Fees.AsNoTracking().Include(f => f.Orders).SingleAsync(f => f.Id == order.FeeId, ct);
        return TypedResults.Ok(new Reply(order.State, fee.Orders.Single(o => o.Id == id).State, fee.State));
    }
}
