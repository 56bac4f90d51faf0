using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Documents.Features;

internal static class OpenDocument
{
    public static void MapOpenDocument(this IEndpointRouteBuilder app) => app.MapGet("/api/documents/{id:guid}/content", Open)
        .Produces(200, contentType: Inspection.Jpeg, additionalContentTypes: [Inspection.Png, Inspection.Pdf])
        .WithName("open-document").WithTags("document").WithSummary("The content of an upload that left quarantine; an officer's look is recorded.");

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Open(Guid id, Me me, DocumentDb db, IFileStore store, HttpResponse response, TimeProvider clock, CancellationToken ct)
    {
        if (await db.DocumentOpenTo(me, id, "content", clock.GetUtcNow(), ct) is not { } document) return Problems.NotFound();
        if (document.State is not DocumentState.Ready || document.ContentType is not { } type)
            return Problems.Of(409, $"document-{document.State.ToString().ToLowerInvariant()}", $"The upload is {document.State}; only what is Ready can be opened.");
        await db.SaveChangesAsync(ct);
        // whatever the bytes could also be read as: no browser guesses, runs or keeps them
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
        return TypedResults.Stream(await store.OpenAsync(id, ct), type, $"{id}.{Extension(type)}");
    }

    private static string Extension(string type) => type switch { Inspection.Jpeg => "jpg", Inspection.Png => "png", _ => "pdf" };
}
