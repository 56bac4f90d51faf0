using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Features;

/// <summary>An officer takes a part of the work list out of the platform. It is written down who, what and what for before a row is handed out.</summary>
public static class ExportWork
{
    private const int PageSize = 500, ListSize = 50;

    /// <param name="Purpose">What it is for, in words; at most 200 characters.</param>
    /// <param name="Format">What it is made into.</param>
    public sealed record ExportRequest(string Purpose, ExportFormat Format, string? Stage = null, string? Programme = null, string? Session = null, string? Kind = null, string? AreaPath = null,
        string? DueBefore = null, string State = "open", bool Trial = false);

    public sealed record Recorded(Guid Id);

    public sealed record ExportRow(Guid Id, Guid OfficerId, string Level, string AreaPath, DateTimeOffset At, ExportFormat Format, string Purpose, WorkFilters Filters);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record ExportPage(IReadOnlyList<ExportRow> Exports, string? Next);

    public static void MapExportWork(this IEndpointRouteBuilder app)
    {
        app.MapPost("/exports", Record).WithName("export-work").WithSummary("Writes down that a part of the officer's work list is taken out, with its filters and purpose.").WithIdempotencyKey<ReviewDb>();
        app.MapGet("/exports", List).WithName("list-exports").WithSummary("Exports of the officer's jurisdiction and of those within it, newest first.");
        app.MapGet("/exports/{id:guid}/work", Rows).WithName("get-export-work").WithSummary("The rows of one's own export, oldest first, as they are now.");
    }

    private static async Task<Results<Created<Recorded>, ProblemHttpResult>> Record(ExportRequest request, Me me, ReviewDb db, TimeProvider clock, ILogger<WorkExport> log, CancellationToken ct)
    {
        var filters = new WorkFilters(request.Stage, request.Programme, request.Session, request.Kind, request.AreaPath, request.DueBefore, request.State, Trial: request.Trial);
        var purpose = request.Purpose.Trim();
        var faults = filters.Check(me).Add(purpose.Length == 0, "purpose", "required", "Say what the list is for.")
            .Add(purpose.Length > WorkExport.PurposeLimit, "purpose", "too-long", $"At most {WorkExport.PurposeLimit} characters.").Add(purpose.Any(char.IsControl), "purpose", "control-character", "Control characters are not allowed.");
        if (faults.Any) return faults.ToProblem();
        var now = clock.GetUtcNow();
        var export = new WorkExport { Id = Guid.CreateVersion7(now), OfficerId = me.Id, Level = me.Level, AreaPath = me.AreaPath, At = now, Format = request.Format, Purpose = purpose, Filters = JsonSerializer.Serialize(filters, JsonSerializerOptions.Web) };
        db.WorkExports.Add(export);
        await db.SaveChangesAsync(ct);
        log.LogInformation("Officer {OfficerId} takes out a work list: {ExportId}", me.Id, export.Id);
        return TypedResults.Created((string?)null, new Recorded(export.Id));
    }

    private static async Task<Results<Ok<ExportPage>, ProblemHttpResult>> List(Me me, ReviewDb db, CancellationToken ct, string? cursor = null)
    {
        var before = Guid.AllBitsSet;
        if (cursor is not null && !Guid.TryParseExact(cursor, "N", out before)) return UnknownCursor;
        var found = await db.WorkExports.AsNoTracking().Where(e => e.AreaPath.StartsWith(me.AreaPath) && e.Id < before).OrderByDescending(e => e.Id).Take(ListSize + 1).ToListAsync(ct);
        return TypedResults.Ok(new ExportPage([.. found.Take(ListSize).Select(e => new ExportRow(e.Id, e.OfficerId, e.Level, e.AreaPath, e.At, e.Format, e.Purpose, Read(e)))],
            found.Count > ListSize ? found[ListSize - 1].Id.ToString("N") : null));
    }

    private static async Task<Results<Ok<ListWork.WorkPage>, ProblemHttpResult>> Rows(Guid id, Me me, ReviewDb db, TimeProvider clock, CancellationToken ct, string? cursor = null)
    {
        if (cursor is not null && !Guid.TryParseExact(cursor, "N", out _)) return UnknownCursor;
        if (await db.WorkExports.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id && e.OfficerId == me.Id, ct) is not { } export) return Problems.NotFound();
        var now = clock.GetUtcNow();
        var rows = await (Read(export) with { Cursor = cursor }).Narrow(db.Work.AsNoTracking().Where(Work.Of(me)), me, now).OrderBy(w => w.Id).Take(PageSize + 1).ToListAsync(ct);
        return TypedResults.Ok(new ListWork.WorkPage([.. rows.Take(PageSize).Select(w => ListWork.Row(w, me, now))], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString("N") : null));
    }

    private static WorkFilters Read(WorkExport export) => JsonSerializer.Deserialize<WorkFilters>(export.Filters, JsonSerializerOptions.Web)!;

    private static ProblemHttpResult UnknownCursor => new Faults().Add(true, "cursor", "unknown-cursor", "Send the cursor as the last page gave it.").ToProblem();
}
