using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace ExamPlatform.Payments;

/// <summary>Which officers may do what with money, and where.</summary>
internal static class PaymentOfficers
{
    private static readonly string[] Refunders = ["national", "area", "site"];

    public static Refusal? CheckRefunds(Me officer) => Refunders.Contains(officer.Level) ? null : new("wrong-level", "Refunds are for officers of level site or above.");

    /// <summary>Bills, the ledger and callbacks are the whole country's: a channel has one merchant.</summary>
    public static Refusal? CheckBooks(Me officer) => officer.Level == "national" ? null : new("wrong-level", "The books of the channels are for national officers.");

    /// <returns>The fee of an order in the officer's jurisdiction; null where there is none.</returns>
    public static Task<Guid?> FeeOfOrder(this PaymentDb db, Guid order, Me officer, CancellationToken ct) =>
        db.Fees.Where(f => f.AreaPath.StartsWith(officer.AreaPath) && f.Orders.Any(o => o.Id == order)).Select(f => (Guid?)f.Id).SingleOrDefaultAsync(ct);

    /// <summary>An officer's words: some, and not too many.</summary>
    public static string Words(string? words, string field, Faults faults)
    {
        var trimmed = words?.Trim() ?? "";
        faults.Add(trimmed.Length == 0, field, "required", "Say why.")
            .Add(trimmed.Length > Refund.ReasonLimit, field, "too-long", $"At most {Refund.ReasonLimit} characters.")
            .Add(trimmed.Any(c => char.IsControl(c) && c is not ('\r' or '\n')), field, "control-character", "Control characters are not allowed.");
        return trimmed;
    }

    /// <returns>A transaction of its own; null where the request is in one already, which whoever began it commits.</returns>
    public static async Task<IDbContextTransaction?> BeginOrJoin(this PaymentDb db, CancellationToken ct) => db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
}
