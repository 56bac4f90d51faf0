using ExamPlatform.Applications.Contracts;
using ExamPlatform.Payments.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>What the candidate owes, and what is known about paying it. A look at one fee asks the bank about an order that is not settled.</summary>
public static class ShowFees
{
    /// <summary>How long a look waits for the bank before it says what is known so far.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="Order">The order that can be paid or was paid; null when none was begun or the last one came to nothing.</param>
    /// <param name="Items">What the amount is made of; empty until the application has told it.</param>
    /// <param name="Channels">Ways of paying open to this candidate now, on this client.</param>
    /// <param name="Surplus">Money that arrived and paid for nothing; it goes back.</param>
    /// <param name="Refunds">Money that went back or is going back; what officers have not approved is not shown.</param>
    /// <param name="Trial">Of a practice: nothing is really paid.</param>
    /// <param name="UseComputer">Paying on a phone is not open in this area, and this is one.</param>
    public sealed record Reply(Guid Id, Guid ApplicationId, string Programme, string Session, long AmountInFen, DateTimeOffset DueAt, FeeState State, DateTimeOffset? PaidAt,
        IReadOnlyList<FeeItem> Items, IReadOnlyList<string> Channels, OrderReply? Order, IReadOnlyList<SurplusReply> Surplus, IReadOnlyList<RefundReply> Refunds, bool Trial, bool UseComputer);

    /// <param name="CodeUrl">To be shown as a QR code while the order is open.</param>
    /// <param name="Handle">What the payer goes on with while it is open.</param>
    public sealed record OrderReply(Guid OrderId, string Channel, OrderState State, string? CodeUrl, PayHandle? Handle, DateTimeOffset ExpiresAt, long AmountInFen, string? TransactionId);

    public sealed record SurplusReply(Guid OrderId, long AmountInFen, DateTimeOffset PaidAt);

    /// <param name="DoneAt">The bank's time; null while it is on its way.</param>
    public sealed record RefundReply(Guid RefundId, Guid OrderId, RefundState State, long AmountInFen, DateTimeOffset AskedAt, DateTimeOffset? DoneAt);

    public static void MapShowFees(this IEndpointRouteBuilder app)
    {
        var fees = app.MapGroup("/api/payments/fees").RequireAuthorization(TokenNames.Candidate).WithTags("payment");
        fees.MapGet("", List).WithName("list-fees").WithSummary("The candidate's fees, newest first.");
        fees.MapGet("/{id:guid}", Show).WithName("show-fee").WithSummary("One fee; asks the bank while a payment is not settled.");
    }

    private static async Task<Ok<List<Reply>>> List(Me me, PaymentDb db, CancellationToken ct)
    {
        var fees = await db.Fees.AsNoTracking().Include(f => f.Orders).Include(f => f.Refunds).Where(f => f.CandidateId == me.Id).OrderByDescending(f => f.FellDueAt).Take(100).ToListAsync(ct);
        return TypedResults.Ok(fees.Select(fee => Tell(fee, [])).ToList());
    }

    private static async Task<Results<Ok<Reply>, ProblemHttpResult>> Show(Guid id, Me me, PaymentDb db, Bank bank, ApplicationAnswers.ApplicationAnswersClient application,
        TimeProvider clock, CancellationToken ct, [FromQuery(Name = "client")] string? paidWith = null)
    {
        if (Clients.Of(paidWith) is not { } client) return new Faults().Add(true, "client", "unknown-client", "Write one of: pc, mobile, weChat, miniProgram.").ToProblem();
        var fee = await db.Fees.AsNoTracking().Include(f => f.Orders).Include(f => f.Refunds).SingleOrDefaultAsync(f => f.Id == id && f.CandidateId == me.Id, ct);
        if (fee is null) return Problems.NotFound();
        if (fee.LiveOrder is { } live && await bank.TakeLook(live, ct))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Patience);
            fee = await bank.Ask(live, "look", patience.Token);
        }
        if (fee.CheckPayable(clock.GetUtcNow()) is not null) return TypedResults.Ok(Tell(fee, []));
        var terms = await Terms(application, fee, ct);
        if (terms is null) return TypedResults.Ok(Tell(fee, []));
        fee.Items = Ordering.ItemsOf(terms);
        IReadOnlyList<string> offered = [.. terms.Channels.Where(bank.Offers)], here = [.. offered.Where(kind => client.Fits(kind))];
        var useComputer = client != Client.Pc && (terms.ComputerOnly || (here.Count == 0 && offered.Any(kind => Client.Pc.Fits(kind))));
        return TypedResults.Ok(Tell(fee, useComputer ? [] : here, useComputer));
    }

    /// <summary>The application service being away must not hide what is known about the money.</summary>
    private static async Task<Applications.Contracts.Fee?> Terms(ApplicationAnswers.ApplicationAnswersClient application, Fee fee, CancellationToken ct)
    {
        try
        {
            return await application.GetFeeAsync(new() { ApplicationId = fee.ApplicationId.ToString(), FeeId = fee.Id.ToString() }, cancellationToken: ct);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return null;
        }
    }

    private static Reply Tell(Fee fee, IReadOnlyList<string> channels, bool useComputer = false)
    {
        var shown = fee.LiveOrder ?? fee.Orders.SingleOrDefault(o => o.State == OrderState.Paid);
        return new(fee.Id, fee.ApplicationId, fee.ProgrammeCode, fee.SessionCode, fee.AmountInFen, fee.DueAt, fee.State, fee.PaidAt, fee.Items, channels,
            shown is null ? null : new(shown.Id, shown.Channel, shown.State, shown.State == OrderState.Open ? shown.CodeUrl : null, shown.State == OrderState.Open ? shown.Handle : null, shown.ExpiresAt, shown.AmountInFen, shown.TransactionId),
            [.. fee.Orders.Where(o => o.State == OrderState.Surplus).Select(o => new SurplusReply(o.Id, o.AmountInFen, o.PaidAt!.Value))],
            [.. fee.Refunds.Where(r => r.State is not (RefundState.Asked or RefundState.Declined or RefundState.Refused)).OrderBy(r => r.AskedAt).Select(r => new RefundReply(r.Id, r.OrderId, r.State, r.AmountInFen, r.AskedAt, r.DoneAt))], fee.Trial, useComputer);
    }
}
