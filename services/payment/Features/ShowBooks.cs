using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>The books of the channels for national officers: balances of the ledger by account and day, the days' bills, and where bills and books differ.</summary>
public static class ShowBooks
{
    private const int PageSize = 50;
    private const int MostDays = 400;

    /// <param name="Sum">Of all balances, in fen: 0, or the ledger is broken.</param>
    public sealed record Ledger(DateOnly From, DateOnly Until, IReadOnlyList<Balance> Balances, IReadOnlyList<Movement> Movements, long Sum);

    /// <param name="BalanceInFen">At the end of the last day; debit above 0.</param>
    public sealed record Balance(LedgerAccount Account, string Channel, long BalanceInFen);

    /// <summary>What a day brought to an account and took from it.</summary>
    public sealed record Movement(DateOnly Day, LedgerAccount Account, string Channel, long DebitInFen, long CreditInFen);

    /// <param name="LastError">Why the last try brought nothing, while it waits.</param>
    public sealed record BillSeen(string Channel, DateOnly Day, BillState State, DateTimeOffset TryAt, int TimesAsked, string? LastError, DateTimeOffset? ReconciledAt, int Payments, long PaidInFen, int Refunds, long RefundedInFen, long ChargesInFen);

    /// <param name="SettledBy">Null where it settled by itself.</param>
    public sealed record DifferenceSeen(Guid Id, string Channel, DateOnly Day, DifferenceCause Cause, DifferenceState State, string Number, string? RefundNumber, Guid? OrderId, Guid? ApplicationId, long BilledInFen, long BookedInFen,
        DateTimeOffset FoundAt, DateTimeOffset? SettledAt, Guid? SettledBy, string? Note);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record DifferencePage(IReadOnlyList<DifferenceSeen> Differences, string? Next);

    public static void MapShowBooks(this IEndpointRouteBuilder app)
    {
        var books = app.MapGroup("/api/payments").RequireAuthorization(TokenNames.Officer).WithTags("payment");
        books.MapGet("/ledger", ShowLedger).WithName("show-ledger").WithSummary("Balances at the end of a day and the movements of the days until it, by account; the last 31 days where none are named.");
        books.MapGet("/bills", ListBills).WithName("list-bills").WithSummary("The banks' bills of the last 31 days, newest first.");
        books.MapGet("/differences", ListDifferences).WithName("list-bill-differences").WithSummary("Where bills and books differ, newest first: open, waiting or settled.");
    }

    private static async Task<Results<Ok<Ledger>, ProblemHttpResult>> ShowLedger(Me me, PaymentDb db, TimeProvider clock, CancellationToken ct, DateOnly? from = null, DateOnly? until = null)
    {
        if (Closed(me) is { } closed) return closed;
        var last = until ?? BeijingDay.Of(clock.GetUtcNow());
        var first = from ?? last.AddDays(-30);
        if (first > last || last.DayNumber - first.DayNumber > MostDays) return new Faults().Add(true, "from", "out-of-range", $"From must be at or before until, at most {MostDays} days.").ToProblem();
        var balances = await db.LedgerEntries.Where(e => e.Day <= last).GroupBy(e => new { e.Account, e.Channel }).Select(g => new Balance(g.Key.Account, g.Key.Channel, g.Sum(e => e.AmountInFen))).ToListAsync(ct);
        var movements = await db.LedgerEntries.Where(e => e.Day >= first && e.Day <= last).GroupBy(e => new { e.Day, e.Account, e.Channel })
            .Select(g => new Movement(g.Key.Day, g.Key.Account, g.Key.Channel, g.Sum(e => e.AmountInFen > 0 ? e.AmountInFen : 0), g.Sum(e => e.AmountInFen < 0 ? -e.AmountInFen : 0))).ToListAsync(ct);
        return TypedResults.Ok(new Ledger(first, last, [.. balances.OrderBy(b => b.Account).ThenBy(b => b.Channel, StringComparer.Ordinal)],
            [.. movements.OrderByDescending(m => m.Day).ThenBy(m => m.Account).ThenBy(m => m.Channel, StringComparer.Ordinal)], balances.Sum(b => b.BalanceInFen)));
    }

    private static async Task<Results<Ok<List<BillSeen>>, ProblemHttpResult>> ListBills(Me me, PaymentDb db, TimeProvider clock, CancellationToken ct)
    {
        if (Closed(me) is { } closed) return closed;
        var from = BeijingDay.Of(clock.GetUtcNow()).AddDays(-31);
        return TypedResults.Ok(await db.Bills.Where(b => b.Day >= from).OrderByDescending(b => b.Day).ThenBy(b => b.Channel)
            .Select(b => new BillSeen(b.Channel, b.Day, b.State, b.TryAt, b.TimesAsked, b.LastError, b.ReconciledAt, b.Payments, b.PaidInFen, b.Refunds, b.RefundedInFen, b.ChargesInFen)).ToListAsync(ct));
    }

    private static async Task<Results<Ok<DifferencePage>, ProblemHttpResult>> ListDifferences(Me me, PaymentDb db, CancellationToken ct, string? state = null, string? cursor = null)
    {
        if (Closed(me) is { } closed) return closed;
        var (before, wanted) = (Guid.AllBitsSet, DifferenceState.Open);
        var faults = new Faults().Add(cursor is not null && !Guid.TryParseExact(cursor, "N", out before), "cursor", "unknown-cursor", "Send the cursor as the last page gave it.")
            .Add(state is not null && !Enum.TryParse(state, ignoreCase: true, out wanted), "state", "unknown-state", $"One of {string.Join(", ", Enum.GetNames<DifferenceState>())}.");
        if (faults.Any) return faults.ToProblem();
        var found = await db.BillDifferences.AsNoTracking().Where(d => d.State == wanted && d.Id < before).OrderByDescending(d => d.Id).Take(PageSize + 1)
            .Select(d => new DifferenceSeen(d.Id, d.Channel, d.Day, d.Cause, d.State, d.Number, d.RefundNumber, d.OrderId, db.Fees.Where(f => f.Orders.Any(o => o.Id == d.OrderId)).Select(f => (Guid?)f.ApplicationId).FirstOrDefault(),
                d.BilledInFen, d.BookedInFen, d.FoundAt, d.SettledAt, d.SettledBy, d.Note)).ToListAsync(ct);
        return TypedResults.Ok(new DifferencePage([.. found.Take(PageSize)], found.Count > PageSize ? found[PageSize - 1].Id.ToString("N") : null));
    }

    private static ProblemHttpResult? Closed(Me me) => PaymentOfficers.CheckBooks(me) is { } wrongLevel ? Problems.Of(StatusCodes.Status403Forbidden, wrongLevel.Code, wrongLevel.Detail) : null;
}
