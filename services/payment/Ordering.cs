using ExamPlatform.Applications.Contracts;
using ExamPlatform.Payments.Channels;
using Grpc.Core;

namespace ExamPlatform.Payments;

/// <summary>The two halves of beginning a payment that come before the bank: what became of the last order, and the new one's row.</summary>
public sealed class Ordering(PaymentDb db, Bank bank, ApplicationAnswers.ApplicationAnswersClient application, TimeProvider clock, ILogger<Ordering> log)
{
    public static readonly Refusal UseComputer = new("use-computer", "Paying on a phone is not open in this area; sign in on a computer and pay there.");

    /// <summary>An order that can be paid stays. Of any other the bank is asked; one that cannot serve is closed there, so that a new one may follow.</summary>
    public async Task<Fee> BringUpToDate(Fee fee, PaymentOrder live, string channel, Payer payer)
    {
        var serves = live.Channel == channel && clock.GetUtcNow() < live.ExpiresAt;
        if (serves && live is { State: OrderState.Open, Handle: not null }) return fee;
        if (!serves && live.State == OrderState.Open) return await bank.Close(live, CancellationToken.None); // the bank says so if it was paid
        if (!await bank.TakeLook(live, CancellationToken.None)) return fee;
        fee = await bank.Ask(live, "look", CancellationToken.None);
        if (fee.LiveOrder is not { State: OrderState.Open } open) return fee;
        if (serves) fee = await bank.Open(open, payer, CancellationToken.None); // the same number again: the bank gives the code whose answer was lost
        return fee.LiveOrder is { State: OrderState.Open } left && !(serves && left.Handle is not null) ? await bank.Close(left, CancellationToken.None) : fee;
    }

    /// <summary>Writes the order down by the amount and words that the application tells now.</summary>
    public async Task<(PaymentOrder? Order, Refusal? Refusal)> WriteDown(Fee fee, string channel, Client client, string? key, CancellationToken cancellationToken)
    {
        var (terms, refusal) = await Terms(fee, channel, client, cancellationToken);
        if (terms is null) return (null, refusal);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var locked = await db.LockFee(fee.Id, cancellationToken) ?? throw new InvalidOperationException($"Fee {fee.Id} is gone.");
        if (locked.Order(channel, terms.Description, key, clock.GetUtcNow(), out var order, bank.LongestOrder(channel)) is { } refused) return (null, refused);
        locked.Items = ItemsOf(terms);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (order, null);
    }

    public static IReadOnlyList<FeeItem> ItemsOf(Applications.Contracts.Fee terms) => [.. terms.Lines.Select(line => new FeeItem(line.Title, line.AmountInFen))];

    private async Task<(Applications.Contracts.Fee? Terms, Refusal? Refusal)> Terms(Fee fee, string channel, Client client, CancellationToken cancellationToken)
    {
        try
        {
            var terms = await application.GetFeeAsync(new() { ApplicationId = fee.ApplicationId.ToString(), FeeId = fee.Id.ToString() }, cancellationToken: cancellationToken);
            if (terms.ComputerOnly && client != Client.Pc) return (null, UseComputer);
            if (!terms.Channels.Contains(channel)) return (null, new("channel-not-open", "This way of paying is not open in the area; choose another."));
            if (terms.AmountInFen == fee.AmountInFen) return (terms, null);
            log.LogError("Fee {FeeId} fell due with {AmountInFen} fen and is now told as {ToldInFen} fen: no order", fee.Id, fee.AmountInFen, terms.AmountInFen);
            return (null, new("amount-differs", "The amount changed meanwhile; nothing can be paid until the exam office has settled it."));
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            return (null, new("fee-not-due", "The application has moved on; this fee is not due any more."));
        }
    }
}
