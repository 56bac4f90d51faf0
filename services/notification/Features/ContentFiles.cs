using ExamPlatform.Documents.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>Files that are downloaded with an article (资料下载). They are uploaded to the document service as <c>?kind=attachment</c>, and named here once they have left quarantine.</summary>
internal static class ContentFiles
{
    /// <param name="Document">The upload, of the same officer.</param>
    /// <param name="Name">What it is called where it is saved.</param>
    public sealed record Added(Guid Document, string Name);

    public static void MapContentFiles(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/content/articles/{id:guid}/files/{document:guid}", Open).AllowAnonymous().WithTags("notification").Produces(StatusCodes.Status302Found).ProducesProblem(404)
            .WithName("open-article-file").WithSummary("Leads to the content of a published article's file.");
        var files = app.MapGroup("/api/content/desk/articles/{id:guid}/files").RequireAuthorization(TokenNames.Officer).WithTags("notification");
        files.MapPost("", Add).Changes().WithName("add-article-file").WithSummary("Adds an upload of your own to an article.");
        files.MapDelete("/{document:guid}", Remove).Changes().WithName("remove-article-file").WithSummary("Takes a file from an article.");
    }

    private static async Task<IResult> Open(Guid id, Guid document, NotificationDb db, DocumentAnswers.DocumentAnswersClient documents, TimeProvider clock, CancellationToken ct)
    {
        var file = await db.Articles.AsNoTracking().Where(a => a.Id == id).Where(ContentArticles.IsUp(clock.GetUtcNow())).SelectMany(a => a.Files).SingleOrDefaultAsync(f => f.DocumentId == document, ct);
        if (file is null) return Problems.NotFound();
        try
        {
            return TypedResults.Redirect((await documents.LinkAttachmentAsync(new() { DocumentId = document.ToString(), Name = file.Name }, cancellationToken: ct)).Address);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
        {
            return Problems.NotFound();
        }
    }

    private static async Task<IResult> Add(Guid id, Added added, Me me, HttpContext http, NotificationDb db, DocumentAnswers.DocumentAnswersClient documents, TimeProvider clock, CancellationToken ct)
    {
        var found = (await documents.GetDocumentsAsync(new() { CandidateId = me.Id.ToString(), DocumentIds = { added.Document.ToString() } }, cancellationToken: ct)).Documents.FirstOrDefault(d => d.Kind == "attachment");
        var faults = new Faults().Add(found is null, "document", "unknown-upload", "Upload the file first, as ?kind=attachment.")
            .Add(!ContentDesk.IsText(added.Name, Article.LongestFileName) || added.Name.IndexOfAny(['/', '\\', '\n', '\r', '\t']) >= 0, "name", "too-long", $"1 to {Article.LongestFileName} characters, without a path.");
        return await ContentDesk.Change(id, me, http, db, clock, faults, (article, now) => found!.State == "ready"
            ? article.Attach(added.Document, added.Name.Trim(), found.ContentType, found.Bytes, me.Id, now)
            : new($"document-{found.State}", $"The upload is {found.State}; only what is ready can be published."), ct);
    }

    private static async Task<IResult> Remove(Guid id, Guid document, Me me, HttpContext http, NotificationDb db, TimeProvider clock, CancellationToken ct) => await db.Articles.AnyAsync(a => a.Id == id && a.Files.Any(f => f.DocumentId == document), ct)
        ? await ContentDesk.Change(id, me, http, db, clock, new(), (article, now) => article.Detach(article.Files.Single(f => f.DocumentId == document), me.Id, now), ct)
        : Problems.NotFound();
}
