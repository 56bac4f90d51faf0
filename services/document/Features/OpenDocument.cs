using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Documents.Features;

/// <summary>
/// Content is opened by a link, and in no other way: it names one upload and who asked, is good for five minutes, and needs no token, so that a viewer or an image on a page can follow it. Each time it is
/// followed the right to look is asked anew, and an officer's look is recorded.
/// </summary>
internal static class OpenDocument
{
    private const string Place = "document-links";
    private static readonly TimeSpan Good = TimeSpan.FromMinutes(5);

    /// <param name="Address">Where the content is; who has it may look, so it goes to nobody else.</param>
    public sealed record Link(string Address, DateTimeOffset ExpiresAt);

    private sealed record Sealed(Guid Document, Guid Person, string Role, string Level, string AreaPath, DateTimeOffset Until);

    public static void MapOpenDocument(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/documents/{id:guid}/link", Give)
            .WithName("link-document").WithTags("document").WithSummary("A link to the content of an upload that left quarantine, for five minutes.");
        app.MapGet("/api/documents/links/{link}", Open).AllowAnonymous()
            .Produces(200, contentType: Inspection.Jpeg, additionalContentTypes: [Inspection.Png, Inspection.Pdf])
            .WithName("open-document").WithTags("document").WithSummary("The content that a link leads to; an officer's look is recorded.");
    }

    private static async Task<Results<Ok<Link>, ProblemHttpResult>> Give(Guid id, Me me, DocumentDb db, Seals seals, HttpResponse response, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await db.DocumentOpenTo(me, id, "content", now, ct) is not { } document) return Problems.NotFound(); // not saved: having a link is no look
        if (NotReady(document) is { } problem) return problem;
        var until = now + Good;
        var link = seals.Seal(JsonSerializer.SerializeToUtf8Bytes(new Sealed(id, me.Id, me.Role, me.Level, me.AreaPath, until)), Place);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Link($"/api/documents/links/{Base64Url.EncodeToString(link)}", until));
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Open(string link, HttpContext http, DocumentDb db, IFileStore store, Seals seals, TimeProvider clock, CancellationToken ct)
    {
        if (Read(link, seals) is not { } asked || asked.Until <= clock.GetUtcNow()) return Problems.NotFound();
        // whoever is signed in as another person was given somebody else's link
        if (http.User.Identity is { IsAuthenticated: true } && Me.From(http.User).Id != asked.Person) return Problems.NotFound();
        var me = new Me(asked.Person, asked.Role, asked.Level, asked.AreaPath);
        if (await db.DocumentOpenTo(me, asked.Document, "content", clock.GetUtcNow(), ct) is not { } document) return Problems.NotFound();
        if (NotReady(document) is { } problem) return problem;
        await db.SaveChangesAsync(ct);
        // whatever the bytes could also be read as: no browser guesses, runs or keeps them, or tells the next site where it was
        var headers = http.Response.Headers;
        (headers.CacheControl, headers.XContentTypeOptions, headers["Referrer-Policy"]) = ("no-store", "nosniff", "no-referrer");
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
        return TypedResults.Stream(await store.OpenAsync(document.Id, ct), document.ContentType!, $"{document.Id}.{Extension(document.ContentType!)}");
    }

    private static Sealed? Read(string link, Seals seals)
    {
        if (!Base64Url.IsValid(link)) return null;
        try
        {
            return JsonSerializer.Deserialize<Sealed>(seals.Open(Base64Url.DecodeFromChars(link), Place));
        }
        catch (InvalidOperationException)
        {
            return null; // not one of ours, or changed
        }
    }

    private static ProblemHttpResult? NotReady(Document document) => document is { State: DocumentState.Ready, ContentType: not null } ? null
        : Problems.Of(409, $"document-{document.State.ToString().ToLowerInvariant()}", $"The upload is {document.State}; only what is Ready can be opened.");

    private static string Extension(string type) => type switch { Inspection.Jpeg => "jpg", Inspection.Png => "png", _ => "pdf" };
}
