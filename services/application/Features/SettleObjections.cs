using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Applications.Features;

/// <summary>Anybody objects to a row of a public notice, giving their name; officers of its area answer, also when it is down (异议).</summary>
public static partial class SettleObjections
{
    private const int LongestText = 1000, LongestName = 50, PageSize = 50, BodyLimit = 16 * 1024, LongestKey = 100;

    /// <param name="Row">The number of the row.</param>
    /// <param name="Mobile">11 digits, mainland: where the officers call back.</param>
    public sealed record Request(int Row, string Text, string Name, string Mobile);

    /// <param name="Id">To be named when asking at the office.</param>
    public sealed record Received(Guid Id);

    public sealed record ObjectionLine(Guid Id, Guid Notice, int Row, Guid Application, string Session, string AreaPath, DateTimeOffset At, string Text, string Name, string Mobile,
        ObjectionState State, string? Answer, Guid? SettledBy, DateTimeOffset? SettledAt);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    public sealed record ObjectionPage(IReadOnlyList<ObjectionLine> Objections, string? Next);
    public sealed record Settlement(bool Upheld, string Answer);

    /// <param name="Reopened">Whether the stage is decided again.</param>
    /// <param name="Reason">Why it is not, though the objection was upheld.</param>
    public sealed record Settled(bool Reopened, string? Reason);

    public static void MapSettleObjections(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/programmes/{code}/public-notices/{id:guid}/objections", Object).AllowAnonymous().WithTags("application").WithMetadata(new RequestSizeLimitAttribute(BodyLimit))
            .Produces<Received>(StatusCodes.Status202Accepted).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(413).ProducesProblem(422)
            .WithName("object-to-public-notice").WithSummary("Objects to a row of a public notice that is up. Name and mobile are for the officers alone.");
        var objections = app.MapGroup("/api/programmes/{code}/objections").RequireAuthorization(TokenNames.Officer).WithTags("application");
        objections.MapGet("", List).Produces<ObjectionPage>().ProducesProblem(400).ProducesProblem(404).WithName("list-objections").WithSummary("Objections to notices of your jurisdiction, oldest first; state open, upheld or dismissed.");
        objections.MapPost("/{id:guid}/settlement", Settle).Produces<Settled>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409)
            .WithName("settle-objection").WithSummary("Upholds or dismisses an objection. Upheld, what was decided for good is opened again for its officers.");
    }

    /// <summary>Sent twice with one <c>Idempotency-Key</c> it is one objection. What was said is compared as it lies sealed: no hash of it is kept, which could be guessed.</summary>
    private static async Task<IResult> Object(string code, Guid id, Request request, HttpRequest http, ApplicationDb db, Programmes programmes, ObjectionSeal seal, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var notice = await db.PublicNotices.AsNoTracking().SingleOrDefaultAsync(n => n.Id == id && n.ProgrammeCode == code && n.Until > now, ct);
        if (notice is null) return Problems.NotFound();
        if (!(await programmes.Get(code, notice.ProgrammeVersion, ct)).PublicNotice!.Objections) return new Refusal("no-objections", "This notice takes no objections.").ToProblem();
        var key = http.Headers[Idempotency.Header].ToString() is { Length: > 0 } given ? given : null;
        if (key?.Length > LongestKey) return Problems.Of(400, "idempotency-key-too-long", $"{Idempotency.Header} takes at most {LongestKey} characters.");
        var about = await (await db.RowsOf(notice, programmes, ct, request.Row)).SingleOrDefaultAsync(ct);
        if (Check(request).Add(about is null, "row", "unknown-row", "Name a row that the notice shows.") is { Any: true } faults) return faults.ToProblem();
        var content = new ObjectionContent(request.Text.Trim(), request.Name.Trim(), request.Mobile);
        if (await Sent(db, id, key, ct) is { } earlier) return Again(earlier, request.Row, content, seal);
        var objection = Guid.CreateVersion7(now);
        db.Objections.Add(new() { Id = objection, NoticeId = id, Row = request.Row, ApplicationId = about!.ApplicationId, At = now, Key = key, Sealed = seal.Seal(objection, content) });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: ApplicationDb.OneObjection })
        {
            return Again((await Sent(db, id, key, ct))!, request.Row, content, seal);
        }
        return TypedResults.Accepted((string?)null, new Received(objection));
    }

    private static async Task<Objection?> Sent(ApplicationDb db, Guid notice, string? key, CancellationToken ct) =>
        key is null ? null : await db.Objections.AsNoTracking().SingleOrDefaultAsync(o => o.NoticeId == notice && o.Key == key, ct);

    private static IResult Again(Objection earlier, int row, ObjectionContent content, ObjectionSeal seal) => earlier.Row == row && seal.Open(earlier) == content
        ? TypedResults.Accepted((string?)null, new Received(earlier.Id))
        : Problems.Of(422, "idempotency-key-reused", $"This {Idempotency.Header} was used for another objection; choose a new one.");

    private static async Task<IResult> List(string code, Me me, ApplicationDb db, Programmes programmes, ObjectionSeal seal, ILogger<Objection> log, CancellationToken ct, string state = "open", string? cursor = null)
    {
        if (await programmes.Newest(code, ct) is null) return Problems.NotFound();
        var after = Guid.Empty;
        var wanted = Enum.GetValues<ObjectionState>().Where(s => s.ToString().Equals(state, StringComparison.OrdinalIgnoreCase)).ToList();
        var faults = new Faults().Add(wanted.Count == 0, "state", "unknown-state", "Say one of open, upheld, dismissed.")
            .Add(cursor is not null && !Guid.TryParseExact(cursor, "N", out after), "cursor", "unknown-cursor", "Send the cursor as the last page gave it.");
        if (faults.Any) return faults.ToProblem();
        var found = await Within(me, code, db).AsNoTracking().Where(o => o.State == wanted[0] && o.Id > after).OrderBy(o => o.Id).Take(PageSize + 1).ToListAsync(ct);
        log.LogInformation("Officer {OfficerId} read {Objections} objections", me.Id, Math.Min(found.Count, PageSize));
        return TypedResults.Ok(new ObjectionPage([.. found.Take(PageSize).Select(o => Line(o, seal))], found.Count > PageSize ? found[PageSize - 1].Id.ToString("N") : null));
    }

    private static async Task<IResult> Settle(string code, Guid id, Settlement request, Me me, ApplicationDb db, Programmes programmes, ObjectionSeal seal, TimeProvider clock, CancellationToken ct)
    {
        if (await Within(me, code, db).SingleOrDefaultAsync(o => o.Id == id, ct) is not { } objection) return Problems.NotFound();
        if (new Faults().Add(!IsText(request.Answer, LongestText), "answer", "text", $"1 to {LongestText} characters: what was found.") is { Any: true } faults) return faults.ToProblem();
        var now = clock.GetUtcNow();
        if (objection.Settle(request.Upheld, seal.SealAnswer(id, request.Answer.Trim()), me.Id, now) is { } refusal) return refusal.ToProblem();
        Refusal? closed = null;
        if (request.Upheld)
        {
            var application = await db.Applications.SingleAsync(a => a.Id == objection.ApplicationId, ct);
            closed = application.Reopen(objection.Notice.Stage, me.Id, await programmes.Of(application, ct), now);
        }
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new Settled(request.Upheld && closed is null, closed?.Detail));
    }

    private static IQueryable<Objection> Within(Me me, string code, ApplicationDb db) => db.Objections.Include(o => o.Notice).Where(o => o.Notice.ProgrammeCode == code && o.Notice.AreaPath.StartsWith(me.AreaPath));

    private static ObjectionLine Line(Objection objection, ObjectionSeal seal)
    {
        var (content, notice) = (seal.Open(objection), objection.Notice);
        return new(objection.Id, notice.Id, objection.Row, objection.ApplicationId, notice.SessionCode, notice.AreaPath, objection.At, content.Text, content.Name, content.Mobile,
            objection.State, seal.OpenAnswer(objection), objection.SettledBy, objection.SettledAt);
    }

    private static Faults Check(Request request) => new Faults()
        .Add(!IsText(request.Text, LongestText), "text", "text", $"1 to {LongestText} characters: what speaks against it.")
        .Add(!IsText(request.Name, LongestName) || request.Name.Any(c => char.IsControl(c) || char.IsDigit(c)) || request.Name.Trim().Length < 2, "name", "name", "Objections are made under one's name: as on your identity document.")
        .Add(!MobileForm().IsMatch(request.Mobile), "mobile", "mobile", "11 digits: officers call back.");

    private static bool IsText(string text, int longest) => !string.IsNullOrWhiteSpace(text) && text.Length <= longest && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));

    [GeneratedRegex(@"^1[3-9][0-9]{9}\z")]
    private static partial Regex MobileForm();
}
