using ExamPlatform.Payments.Channels;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>
/// Begins a payment. The order is written down and committed before the bank hears of it, so the answer cannot be kept in one transaction with it as elsewhere:
/// what makes a repeat harmless is the one live order of a fee, which every repeat finds again, with any Idempotency-Key.
/// </summary>
public static class OrderPayment
{
    /// <param name="Channel">One of the fee's channels, <c>wechat-native</c>; of a practice <c>practice</c>.</param>
    /// <param name="Client">What it is paid with; a computer when left out.</param>
    public sealed record Request(string Channel, Client Client = Client.Pc);

    /// <param name="CodeUrl">To be shown as a QR code; empty where another handle takes its place, or where it is played, and paid by this very request.</param>
    /// <param name="Handle">What the payer goes on with; null where it is played.</param>
    public sealed record Reply(Guid OrderId, string CodeUrl, DateTimeOffset ExpiresAt, long AmountInFen, PayHandle? Handle);

    public static void MapOrderPayment(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/payments/fees/{id:guid}/orders", Handle).RequireAuthorization(TokenNames.Candidate)
            .WithName("order-payment").WithTags("payment").WithSummary("Opens a payment at the bank, or gives the open one again.");

    private static async Task<Results<Created<Reply>, ProblemHttpResult>> Handle(Guid id, Request request, [FromHeader(Name = Idempotency.Header)] string? key, Me me,
        HttpContext http, PaymentDb db, Bank bank, Ordering ordering, Payers payers, TimeProvider clock, CancellationToken ct)
    {
        var fee = await db.Fees.AsNoTracking().Include(f => f.Orders).SingleOrDefaultAsync(f => f.Id == id && f.CandidateId == me.Id, ct);
        if (fee is null) return Problems.NotFound();
        var faults = new Faults().Add(!bank.Offers(request.Channel), "channel", "unknown-channel", "Choose one of the fee's channels.")
            .Add(bank.Offers(request.Channel) && !request.Client.Fits(request.Channel), "channel", "not-for-client", "This way of paying cannot be gone on this device; choose another.")
            .Add(key?.Length > 100, Idempotency.Header, "idempotency-key-too-long", "At most 100 characters.");
        if (faults.Any) return faults.ToProblem();
        if (key is not null && fee.Orders.Any(o => o.RequestKey == key && o.Channel != request.Channel))
            return Problems.Of(422, "idempotency-key-reused", $"This {Idempotency.Header} was used for another request; choose a new one.");

        var (payer, unknown) = await payers.Of(me.Id, request.Channel, http, ct);
        if (payer is null) return unknown!.ToProblem();
        if (fee.LiveOrder is { } live) fee = await ordering.BringUpToDate(fee, live, request.Channel, payer);
        if (fee.CheckPayable(clock.GetUtcNow()) is { } over) return over.ToProblem();
        if (fee.LiveOrder is { } still) return Answer(still, request.Channel, clock.GetUtcNow(), http.Response);
        var (order, refusal) = await ordering.WriteDown(fee, request.Channel, request.Client, key, ct);
        if (order is null) return refusal!.ToProblem();
        fee = await bank.Open(order, payer, CancellationToken.None); // from here on the candidate going away changes nothing
        return Answer(fee.Orders.Single(o => o.Id == order.Id), request.Channel, clock.GetUtcNow(), http.Response);
    }

    /// <param name="channel">What was asked for: an order of another is still being closed, and its handle is not what the candidate wants. Nor is one that has run out.</param>
    private static Results<Created<Reply>, ProblemHttpResult> Answer(PaymentOrder order, string channel, DateTimeOffset now, HttpResponse response)
    {
        switch (order)
        {
            case { State: OrderState.Open, Handle: { } handle } when order.Channel == channel && now < order.ExpiresAt: return TypedResults.Created($"/api/payments/fees/{order.FeeId}", new Reply(order.Id, order.CodeUrl ?? "", order.ExpiresAt, order.AmountInFen, handle));
            case { State: OrderState.Paid, Channel: PracticeChannel.Kind }: return TypedResults.Created($"/api/payments/fees/{order.FeeId}", new Reply(order.Id, "", order.ExpiresAt, order.AmountInFen, null));
            case { State: OrderState.Paid or OrderState.Surplus }: return Problems.Of(409, "fee-paid", "The bank says it is paid; look at the fee.");
            case { State: OrderState.Failed }: return Problems.Of(409, "bank-refused", "The bank did not take the order; nothing was paid. Try again, or ask the exam office.");
            case { State: OrderState.Closed }: return Problems.Of(409, "order-closed", "The bank had closed the order; nothing was paid. Begin again.");
        }
        response.Headers.RetryAfter = "5";
        return Problems.Of(503, "payment-unknown", "The bank has not said yet what became of the payment; it is being asked. Look again in a moment instead of paying twice.");
    }
}
