using System.Security.Cryptography;
using ExamPlatform.Photos;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Documents.Features;

/// <summary>Several pictures of one paper, as phones take them, become one PDF.</summary>
internal static class JoinPages
{
    public const int Fewest = 2, Most = 20;
    public const long LeastBytes = 500_000, UsualBytes = 9_500_000;

    /// <param name="Upload">A JPEG or PNG of the candidate's.</param>
    /// <param name="Turn">Quarters clockwise; how the camera was held is known without.</param>
    public sealed record Page(Guid Upload, int Turn = 0);

    /// <param name="Pages">In the order in which they are read, 2 to 20.</param>
    /// <param name="MaxBytes">Of the PDF, as the exam asks for it; 9.5 million where nothing is said.</param>
    public sealed record Request(IReadOnlyList<Page> Pages, long? MaxBytes = null);

    public static void MapJoinPages(this IEndpointRouteBuilder app) => app.MapPost("/api/documents/papers", Join)
        .AddEndpointFilter<PreparePages>().WithIdempotencyKey<DocumentDb>().RequireAuthorization(TokenNames.Candidate)
        .WithName("join-pages").WithTags("document").WithSummary("Makes one PDF of 2 to 20 uploaded pictures of a paper: upright, small, without anything of the camera's. The pictures stay until they are deleted.");

    private static async Task<Results<Created<UploadDocument.Uploaded>, ProblemHttpResult>> Join(Request request, Me me, HttpContext http, DocumentDb db, IOptions<DocumentOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var prepared = http.Features.Get<PreparedPaper>() ?? throw new InvalidOperationException("The pages were not prepared.");
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        if (await UploadDocument.OverQuota(db, me.Id, prepared.Pdf.Length, options.Value, ct) is { } refusal) return refusal.ToProblem();
        var paper = Document.OfPages(prepared.Id, prepared.Pages, prepared.Pdf.Length, Convert.ToHexStringLower(SHA256.HashData(prepared.Pdf)), clock.GetUtcNow());
        db.Documents.Add(paper);
        db.Publish(paper.Id, new Contracts.DocumentReady(paper.Id, me.Id, AnswerDocuments.Word(paper.Kind), clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        if (own is not null) await own.CommitAsync(ct);
        prepared.Kept = true;
        return TypedResults.Created($"/api/documents/{paper.Id}", new UploadDocument.Uploaded(paper.Id, paper.State));
    }
}

/// <summary>A PDF that lies in the store; <see cref="Kept"/> says that a row now speaks for it.</summary>
internal sealed class PreparedPaper(Guid id, IReadOnlyList<Document> pages, byte[] pdf)
{
    public Guid Id => id;
    public IReadOnlyList<Document> Pages => pages;
    public byte[] Pdf => pdf;
    public bool Kept { get; set; }
}

/// <summary>Does the work before the request gets a transaction: no database connection waits for a decoder (ADR 22).</summary>
internal sealed class PreparePages(PhotoWorkers workers, IFileStore store, IOptions<DocumentOptions> options, ILogger<PreparePages> log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (http, request) = (context.HttpContext, context.Arguments.OfType<JoinPages.Request>().Single());
        if (Faults(request) is { Any: true } faults) return faults.ToProblem();
        var (me, ct) = (Me.From(http.User), http.RequestAborted);
        var ids = request.Pages.Select(p => p.Upload).ToHashSet();
        var uploads = await http.RequestServices.GetRequiredService<DocumentDb>().Documents.AsNoTracking().Where(d => d.CandidateId == me.Id && d.DeletedAt == null && ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, ct);
        if (uploads.Count < ids.Count) return Problems.NotFound();
        if (uploads.Values.Select(d => d.MayBecomePage()).FirstOrDefault(refusal => refusal is not null) is { } refusal) return refusal.ToProblem();
        var (pages, problem) = await Make(request, ct);
        if (problem is not null)
        {
            if (problem.StatusCode == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = "5";
            return problem;
        }
        var paper = new PreparedPaper(Guid.CreateVersion7(), [.. request.Pages.Select(p => uploads[p.Upload])], PagesPdf.Write(pages));
        return await Pass(http, paper, () => next(context));
    }

    private async Task<(List<(byte[] Jpeg, int Width, int Height)> Pages, ProblemHttpResult? Problem)> Make(JoinPages.Request request, CancellationToken ct)
    {
        List<(byte[], int, int)> pages = [];
        var each = Math.Min(request.MaxBytes ?? JoinPages.UsualBytes, options.Value.MaxBytes) / request.Pages.Count - 1024; // what the PDF itself takes
        foreach (var page in request.Pages)
        {
            (PhotoAnswer Answer, byte[] Jpeg)? made;
            try
            {
                made = await workers.MakeAsync(PhotoJob.OfPage(each, page.Turn), () => store.OpenAsync(page.Upload, ct), ct);
            }
            catch (WorkerAwayException e)
            {
                log.LogError(e, "No pages can be made");
                made = null;
            }
            if (made is not { } done) return ([], Problems.Of(503, "photos-busy", "Pictures cannot be worked on at this moment; nothing is lost, ask again in some seconds."));
            if (done.Answer.Refused is not null || done.Jpeg.Length > each)
                return ([], new Faults().Add(true, $"pages/{pages.Count}", "page-unfit", $"This picture is damaged, incomplete or too large ({done.Answer.Refused ?? "too-large"}); take it again.").ToProblem());
            pages.Add((done.Jpeg, done.Answer.Width, done.Answer.Height));
        }
        return (pages, null);
    }

    /// <summary>If an exception passes through here the commit is in doubt: the file stays, and the sweep removes it unless a row speaks for it.</summary>
    private async Task<object?> Pass(HttpContext http, PreparedPaper paper, Func<ValueTask<object?>> next)
    {
        using (var content = new MemoryStream(paper.Pdf)) await store.PutAsync(paper.Id, content, http.RequestAborted);
        http.Features.Set(paper);
        var result = await next();
        if (!paper.Kept) await store.DeleteAsync(paper.Id, CancellationToken.None);
        return result;
    }

    private static Faults Faults(JoinPages.Request request) => new Faults()
        .Add(request.Pages.Count is < JoinPages.Fewest or > JoinPages.Most, "pages", "out-of-range", $"{JoinPages.Fewest} to {JoinPages.Most} pictures make one paper.")
        .Add(request.Pages.Any(p => p.Turn is < 0 or > 3), "pages", "out-of-range", "turn: quarters clockwise, 0 to 3.")
        .Add(request.MaxBytes < JoinPages.LeastBytes, "maxBytes", "out-of-range", $"{JoinPages.LeastBytes} bytes at least.");
}
