using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>A candidate asks the staff of an exam and a place (考生答疑), staff answer, both say more until it is closed.</summary>
internal static class ContentQuestions
{
    private const int PageSize = 20;
    private static readonly Refusal Raced = new("changed-meanwhile", "Somebody else wrote at this moment; read it again and repeat.");

    /// <param name="AreaPath">Whose staff are asked: area codes, each ended by a slash; at least the area.</param>
    /// <param name="Text">Plain text, 1 to 1000 characters.</param>
    public sealed record Asked(string Programme, string AreaPath, string Text);
    public sealed record Said(string Text);
    public sealed record MessageView(bool Staff, DateTimeOffset At, string Text);
    public sealed record QuestionView(Guid Id, string Programme, string AreaPath, QuestionState State, DateTimeOffset AskedAt, DateTimeOffset ChangedAt, IReadOnlyList<MessageView> Messages);

    /// <param name="Next">The cursor of the next page; null on the last.</param>
    /// <param name="Waiting">How many wait for an answer, on all pages.</param>
    public sealed record QuestionPage(IReadOnlyList<QuestionView> Items, string? Next, int Waiting);
    public sealed record WaitingCount(int Waiting);

    public static void MapContentQuestions(this IEndpointRouteBuilder app)
    {
        var own = app.MapGroup("/api/content/questions").RequireAuthorization(TokenNames.Candidate).WithTags("notification");
        own.MapGet("", ListOwn).Produces<QuestionPage>().ProducesProblem(400).WithName("list-questions").WithSummary("The candidate's questions, the newest first, by cursor.");
        own.MapPost("", Ask).WithIdempotencyKey<NotificationDb>().Produces<QuestionView>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(409).ProducesProblem(422).WithName("ask-question").WithSummary("Asks the staff of an exam and a place; so many may be open at a time.");
        own.MapGet("/{id:guid}", (Guid id, Me me, NotificationDb db, QuestionSeal seal, CancellationToken ct) => Show(Own(me, db), id, seal, ct)).Produces<QuestionView>().ProducesProblem(404).WithName("get-question").WithSummary("A question with all that was said.");
        own.MapPost("/{id:guid}/messages", FollowUp).WithIdempotencyKey<NotificationDb>().Says().WithName("follow-up-question").WithSummary("Says more; it waits for an answer again.");
        own.MapPost("/{id:guid}/closing", (Guid id, Me me, NotificationDb db, QuestionSeal seal, TimeProvider clock, CancellationToken ct) => Change(Own(me, db), id, db, seal, (q, now) => q.Close(now), clock, ct)).Says().WithName("close-question").WithSummary("Nothing more is to be said.");
        var desk = app.MapGroup("/api/content/desk/questions").RequireAuthorization(TokenNames.Officer).WithTags("notification");
        desk.MapGet("", ListForStaff).Produces<QuestionPage>().ProducesProblem(400).WithName("list-desk-questions").WithSummary("Questions to your jurisdiction in a state: what waits the oldest first, the rest the newest first.");
        desk.MapGet("/count", Count).Produces<WaitingCount>().WithName("count-desk-questions").WithSummary("How many questions to your jurisdiction wait for an answer.");
        desk.MapGet("/{id:guid}", ShowToStaff).Produces<QuestionView>().ProducesProblem(404).WithName("get-desk-question").WithSummary("A question to your jurisdiction. That you read it is logged.");
        desk.MapPost("/{id:guid}/answers", Answer).WithIdempotencyKey<NotificationDb>().Says().WithName("answer-question").WithSummary("Answers; the candidate is told in the inbox.");
        desk.MapPost("/{id:guid}/closing", (Guid id, Me me, NotificationDb db, QuestionSeal seal, TimeProvider clock, CancellationToken ct) => Change(Within(me, db), id, db, seal, (q, now) => q.Close(now), clock, ct)).Says().WithName("close-desk-question").WithSummary("Nothing more is to be said.");
    }

    private static RouteHandlerBuilder Says(this RouteHandlerBuilder endpoint) => endpoint.Produces<QuestionView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> Ask(Asked asked, Me me, NotificationDb db, QuestionSeal seal, TimeProvider clock, CancellationToken ct)
    {
        var faults = Check(asked.Text).Add(!ContentArticles.IsProgramme(asked.Programme), "programme", "not-a-choice", "The code of an exam.")
            .Add(asked.AreaPath.Length == 0 || !ContentArticles.IsArea(asked.AreaPath), "areaPath", "unknown-area", "Area codes, each ended by a slash: at least the area.");
        if (faults.Any) return faults.ToProblem();
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({$"questions {me.Id}"}, 0))", ct); // who asks ten times at once counts ten times
        if (await Own(me, db).CountAsync(q => q.State != QuestionState.Closed, ct) >= Question.MostOpen)
            return new Refusal("too-many-questions", $"{Question.MostOpen} of your questions are open; close what is settled first.").ToProblem();
        var question = Question.Ask(me.Id, asked.Programme, asked.AreaPath, asked.Text.Trim(), seal, clock.GetUtcNow());
        db.Questions.Add(question);
        await db.SaveChangesAsync(ct);
        if (transaction is not null) await transaction.CommitAsync(ct);
        return TypedResults.Created($"/api/content/questions/{question.Id}", View(question, seal));
    }

    private static async Task<IResult> FollowUp(Guid id, Said said, Me me, NotificationDb db, QuestionSeal seal, TimeProvider clock, CancellationToken ct) =>
        Check(said.Text) is { Any: true } faults ? faults.ToProblem() : await Change(Own(me, db), id, db, seal, (question, now) => question.FollowUp(said.Text.Trim(), seal, now), clock, ct);

    private static async Task<IResult> Answer(Guid id, Said said, Me me, NotificationDb db, Routes routes, QuestionSeal seal, TimeProvider clock, CancellationToken ct) =>
        Check(said.Text) is { Any: true } faults ? faults.ToProblem() : await Change(Within(me, db), id, db, seal, (question, now) =>
        {
            if (question.Answer(me.Id, said.Text.Trim(), seal, now) is { } refusal) return refusal;
            routes.Begin(db, Told(question, now));
            return null;
        }, clock, ct);

    /// <summary>In the inbox, without the words: they are read where they stand.</summary>
    private static Notice Told(Question question, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), CandidateId = question.CandidateId, Event = NoticeEvent.QuestionAnswered, Occurrence = $"{question.Id}/{question.Messages.Count}", At = now, TraceParent = System.Diagnostics.Activity.Current?.Id };

    private static async Task<IResult> Change(IQueryable<Question> among, Guid id, NotificationDb db, QuestionSeal seal, Func<Question, DateTimeOffset, Refusal?> step, TimeProvider clock, CancellationToken ct)
    {
        var question = await among.Include(q => q.Messages.OrderBy(m => m.Number)).SingleOrDefaultAsync(q => q.Id == id, ct);
        if (question is null) return Problems.NotFound();
        if (step(question, clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.InnerException is Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.UniqueViolation })
        {
            return Raced.ToProblem();
        }
        return TypedResults.Ok(View(question, seal));
    }

    private static async Task<IResult> ListOwn(Me me, NotificationDb db, QuestionSeal seal, CancellationToken ct, string? cursor = null)
    {
        if (!IsCursor(cursor, out var before)) return UnknownCursor();
        var found = await Own(me, db).AsNoTracking().Include(q => q.Messages).Where(q => cursor == null || q.Id < before).OrderByDescending(q => q.Id).Take(PageSize + 1).ToListAsync(ct);
        return TypedResults.Ok(Page(found, seal, await Own(me, db).CountAsync(q => q.State == QuestionState.Waiting, ct)));
    }

    private static async Task<IResult> ListForStaff(Me me, NotificationDb db, QuestionSeal seal, ILogger<Question> log, CancellationToken ct, string state = "waiting", string? cursor = null)
    {
        var wanted = Enum.GetValues<QuestionState>().Where(s => Words.Of(s) == state).ToList();
        if (wanted.Count == 0) return new Faults().Add(true, "state", "unknown-state", "Say one of waiting, answered, closed.").ToProblem();
        if (!IsCursor(cursor, out var last)) return UnknownCursor();
        var among = Within(me, db).AsNoTracking().Include(q => q.Messages).Where(q => q.State == wanted[0]);
        among = wanted[0] is QuestionState.Waiting ? among.Where(q => cursor == null || q.Id > last).OrderBy(q => q.Id) : among.Where(q => cursor == null || q.Id < last).OrderByDescending(q => q.Id);
        var found = await among.Take(PageSize + 1).ToListAsync(ct);
        log.LogInformation("Officer {OfficerId} read {Questions} questions", me.Id, Math.Min(found.Count, PageSize));
        return TypedResults.Ok(Page(found, seal, await Waiting(me, db, ct)));
    }

    private static async Task<IResult> Count(Me me, NotificationDb db, CancellationToken ct) => TypedResults.Ok(new WaitingCount(await Waiting(me, db, ct)));

    private static Task<IResult> ShowToStaff(Guid id, Me me, NotificationDb db, QuestionSeal seal, ILogger<Question> log, CancellationToken ct)
    {
        log.LogInformation("Officer {OfficerId} read the question {QuestionId}", me.Id, id);
        return Show(Within(me, db), id, seal, ct);
    }

    private static async Task<IResult> Show(IQueryable<Question> among, Guid id, QuestionSeal seal, CancellationToken ct) =>
        await among.AsNoTracking().Include(q => q.Messages).SingleOrDefaultAsync(q => q.Id == id, ct) is { } question ? TypedResults.Ok(View(question, seal)) : Problems.NotFound();

    private static Task<int> Waiting(Me me, NotificationDb db, CancellationToken ct) => Within(me, db).CountAsync(q => q.State == QuestionState.Waiting, ct);

    private static IQueryable<Question> Own(Me me, NotificationDb db) => db.Questions.Where(q => q.CandidateId == me.Id);

    private static IQueryable<Question> Within(Me me, NotificationDb db) => db.Questions.Where(q => q.AreaPath.StartsWith(me.AreaPath));

    private static QuestionPage Page(List<Question> found, QuestionSeal seal, int waiting) =>
        new([.. found.Take(PageSize).Select(q => View(q, seal))], found.Count > PageSize ? found[PageSize - 1].Id.ToString("N") : null, waiting);

    private static QuestionView View(Question q, QuestionSeal seal) =>
        new(q.Id, q.ProgrammeCode, q.AreaPath, q.State, q.AskedAt, q.ChangedAt, [.. q.Messages.OrderBy(m => m.Number).Select(m => new MessageView(m.Staff, m.At, seal.Open(m)))]);

    private static Faults Check(string text) => new Faults().Add(!ContentDesk.IsText(text, Question.LongestText), "text", string.IsNullOrWhiteSpace(text) ? "required" : text.Length > Question.LongestText ? "too-long" : "control-character", $"1 to {Question.LongestText} characters of plain text.");

    private static bool IsCursor(string? cursor, out Guid id)
    {
        id = Guid.Empty;
        return cursor is null || Guid.TryParseExact(cursor, "N", out id);
    }

    private static IResult UnknownCursor() => new Faults().Add(true, "cursor", "unknown-cursor", "Send the cursor as the last page gave it.").ToProblem();
}
