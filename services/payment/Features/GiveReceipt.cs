using System.Text;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace ExamPlatform.Payments.Features;

/// <summary>The receipt of a candidate's payment or refund, as the Accept header wants it: HTML or a PDF. It is made when it is first asked for and stays the same, whatever the payer is called later.</summary>
public static class GiveReceipt
{
    private const string Pdf = "application/pdf", Html = "text/html";

    public static void MapGiveReceipt(this IEndpointRouteBuilder app) => app.MapGet("/api/payments/receipts/{id:guid}", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithTags("payment").WithName("get-payment-receipt")
        .WithSummary("The receipt of an order that paid, or of a refund that is done, by its id: text/html or application/pdf (503 with Retry-After while the printer is busy).")
        .Produces(StatusCodes.Status200OK, contentType: Pdf, additionalContentTypes: Html).ProducesProblem(404).ProducesProblem(503);

    private static async Task<IResult> Handle(Guid id, Me me, HttpContext http, PaymentDb db, IdentityAnswers.IdentityAnswersClient identity, ReceiptPrinter printer, Seals seals, TimeProvider clock, CancellationToken ct)
    {
        var fee = await db.Fees.AsNoTracking().Include(f => f.Orders).Include(f => f.Refunds)
            .SingleOrDefaultAsync(f => f.CandidateId == me.Id && !f.Trial && (f.Orders.Any(o => o.Id == id && o.PaidAt != null) || f.Refunds.Any(r => r.Id == id && r.State == RefundState.Done)), ct);
        if (fee is null) return Problems.NotFound();
        http.Response.Headers.Vary = HeaderNames.Accept;
        http.Response.Headers.CacheControl = "private, no-store"; // a person's name
        var receipt = await db.Receipts.SingleOrDefaultAsync(r => r.Id == id, ct) ?? await Make(id, fee, db, identity, seals, clock.GetUtcNow(), ct);
        var page = seals.Open(receipt.SealedPage!, Place(id, "page"));
        if (!WantsPdf(http.Request))
        {
            http.Response.Headers.ContentSecurityPolicy = ReceiptDocument.SecurityPolicy;
            return TypedResults.Text(Encoding.UTF8.GetString(page), Html, Encoding.UTF8);
        }
        if (receipt.SealedPdf is { } kept) return TypedResults.File(seals.Open(kept, Place(id, "pdf")), Pdf);
        if (await printer.Print(Encoding.UTF8.GetString(page), ct) is not { } pdf)
        {
            http.Response.Headers.RetryAfter = "5";
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "receipt-not-printed", "The PDF cannot be made now; try again in a moment, or take the receipt as text/html and print that.");
        }
        receipt.SealedPdf = seals.Seal(pdf, Place(id, "pdf"));
        await db.SaveChangesAsync(ct);
        return TypedResults.File(pdf, Pdf);
    }

    /// <summary>Of two who ask at once the second takes the first's: the key is the order's or the refund's.</summary>
    private static async Task<Receipt> Make(Guid id, Fee fee, PaymentDb db, IdentityAnswers.IdentityAnswersClient identity, Seals seals, DateTimeOffset now, CancellationToken ct)
    {
        var person = await identity.GetPersonAsync(new() { CandidateId = fee.CandidateId.ToString() }, cancellationToken: ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"insert into receipts (id, fee_id, made_at) values ({id}, {fee.Id}, {now}) on conflict do nothing", ct); // a second one waits here
        var receipt = await db.Receipts.SingleAsync(r => r.Id == id, ct);
        if (receipt.SealedPage is null)
        {
            var refund = fee.Refunds.SingleOrDefault(r => r.Id == id);
            receipt.SealedPage = seals.Seal(Encoding.UTF8.GetBytes(ReceiptDocument.Write(receipt, fee, fee.Orders.Single(o => o.Id == (refund?.OrderId ?? id)), refund, person.Name)), Place(id, "page"));
            await db.SaveChangesAsync(ct);
        }
        await transaction.CommitAsync(ct);
        return receipt;
    }

    private static string Place(Guid id, string part) => $"receipts.sealed_{part}/{id:N}";

    private static bool WantsPdf(HttpRequest request) => request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == Pdf);
}
