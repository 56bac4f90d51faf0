using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

/// <summary>The file of an article, for everybody who has the link: the article gives a new one each time, for five minutes, so that nothing of a withdrawn article is opened later.</summary>
internal static class OpenAttachment
{
    private const string Place = "attachment-links";
    private static readonly TimeSpan Good = TimeSpan.FromMinutes(5);

    private sealed record Sealed(Guid Document, string Name, DateTimeOffset Until);

    public static void MapOpenAttachment(this IEndpointRouteBuilder app) => app.MapGet("/api/documents/attachments/{link}", Open).AllowAnonymous()
        .Produces(200, contentType: "application/octet-stream").WithName("open-attachment").WithTags("document").WithSummary("The file of a published article, by the link that the article gives.");

    public static string Link(Guid id, string name, Seals seals, DateTimeOffset now) =>
        $"/api/documents/attachments/{Base64Url.EncodeToString(seals.Seal(JsonSerializer.SerializeToUtf8Bytes(new Sealed(id, name, now + Good)), Place))}";

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Open(string link, HttpResponse response, DocumentDb db, IFileStore store, Seals seals, TimeProvider clock, CancellationToken ct)
    {
        if (Read(link, seals) is not { } asked || asked.Until <= clock.GetUtcNow()) return Problems.NotFound();
        var document = await db.Documents.AsNoTracking().SingleOrDefaultAsync(d => d.Id == asked.Document && d.DeletedAt == null && d.Kind == DocumentKind.Attachment && d.State == DocumentState.Ready, ct);
        if (document is null) return Problems.NotFound();
        // saved, never shown here: whatever is inside does not run in this site's name
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
        return TypedResults.Stream(await store.OpenAsync(document.Id, ct), document.ContentType!, asked.Name);
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
}
