using ExamPlatform.Web.Gateways;

namespace ExamPlatform.Web.Pages.Public;

/// <summary>What is downloaded with an article: handed on as it flows, to be saved and not to be shown.</summary>
public static class ArticleFiles
{
    public static async Task Download(Guid id, Guid document, HttpContext context, Gateway gateway)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(gateway);
        using var content = await gateway.Open($"/api/content/articles/{id}/files/{document}");
        if (!content.IsSuccessStatusCode) throw new NotHereException();
        var headers = context.Response.Headers;
        (headers.ContentType, headers.ContentDisposition, headers.CacheControl) = (content.Content.Headers.ContentType?.ToString(), content.Content.Headers.ContentDisposition?.ToString(), "no-store");
        (headers.XContentTypeOptions, context.Response.ContentLength) = ("nosniff", content.Content.Headers.ContentLength);
        await content.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
