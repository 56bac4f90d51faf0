using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Features;

/// <summary>Callbacks that were not believed, for national officers: attacks, or a mistake at one of both ends. What they held is not shown.</summary>
public static class ListRefusedCallbacks
{
    private const int PageSize = 50;

    public sealed record Refused(Guid Id, string Channel, DateTimeOffset ReceivedAt, Verdict Verdict, string? Reason, Guid? OrderId, int Bytes);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record RefusedPage(IReadOnlyList<Refused> Callbacks, string? Next);

    public static void MapListRefusedCallbacks(this IEndpointRouteBuilder app) => app.MapGet("/api/payments/refused-callbacks", List).RequireAuthorization(TokenNames.Officer)
        .WithName("list-refused-callbacks").WithTags("payment").WithSummary("Callbacks that were not believed, newest first.");

    private static async Task<Results<Ok<RefusedPage>, ProblemHttpResult>> List(Me me, PaymentDb db, CancellationToken ct, string? cursor = null)
    {
        if (PaymentOfficers.CheckBooks(me) is { } wrongLevel) return Problems.Of(StatusCodes.Status403Forbidden, wrongLevel.Code, wrongLevel.Detail);
        var before = Guid.AllBitsSet;
        if (cursor is not null && !Guid.TryParseExact(cursor, "N", out before)) return new Faults().Add(true, "cursor", "unknown-cursor", "Send the cursor as the last page gave it.").ToProblem();
        var found = await db.BankCallbacks.AsNoTracking().Where(c => (c.Verdict == Verdict.Forged || c.Verdict == Verdict.Unreadable || c.Verdict == Verdict.WrongFacts) && c.Id < before).OrderByDescending(c => c.Id).Take(PageSize + 1)
            .Select(c => new Refused(c.Id, c.Channel, c.ReceivedAt, c.Verdict, c.Reason, c.OrderId, c.Body.Length)).ToListAsync(ct);
        return TypedResults.Ok(new RefusedPage([.. found.Take(PageSize)], found.Count > PageSize ? found[PageSize - 1].Id.ToString("N") : null));
    }
}
