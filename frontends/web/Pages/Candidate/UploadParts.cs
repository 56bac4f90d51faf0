using System.Net.Http.Headers;
using ExamPlatform.Web.Gateways;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;

namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>The script's way to the platform's uploads in parts (tus): each part is read here before it is handed on, so that a slow line holds nothing up behind this process.</summary>
public static class UploadParts
{
    private const string Here = "/uploads/parts", There = "/api/documents/uploads";
    private const int LargestPart = 1 << 20;
    private static readonly string[] Asked = ["Tus-Resumable", "Upload-Length", "Upload-Offset", "Upload-Metadata", "Idempotency-Key"], Told = ["Tus-Resumable", "Upload-Offset", "Upload-Length", "Upload-Expires", "Retry-After"];

    public static void MapUploadParts(this IEndpointRouteBuilder app)
    {
        var token = new RequireAntiforgeryTokenAttribute();
        app.MapPost(Here, (HttpContext context, Gateway gateway) => Pass(context, gateway, $"{There}?kind={(context.Request.Query["kind"] == "photo" ? "photo" : "document")}")).RequireAuthorization("candidate").WithMetadata(token);
        app.MapMethods(Here + "/{id:guid}", [HttpMethods.Head], (Guid id, HttpContext context, Gateway gateway) => Pass(context, gateway, $"{There}/{id}")).RequireAuthorization("candidate");
        app.MapPatch(Here + "/{id:guid}", (Guid id, HttpContext context, Gateway gateway) => Pass(context, gateway, $"{There}/{id}")).RequireAuthorization("candidate").WithMetadata(token);
    }

    private static async Task Pass(HttpContext context, Gateway gateway, string address)
    {
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages) pages.Enabled = false; // a script reads this, not a person
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } || context.Request.ContentLength > LargestPart)
        {
            context.Response.StatusCode = context.Request.ContentLength > LargestPart ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest;
            return;
        }
        using var request = new HttpRequestMessage(new(context.Request.Method), address);
        foreach (var name in Asked)
            if (context.Request.Headers.TryGetValue(name, out var value)) request.Headers.TryAddWithoutValidation(name, value.ToString());
        if (HttpMethods.IsPatch(context.Request.Method))
        {
            var part = new byte[context.Request.ContentLength ?? 0];
            await context.Request.Body.ReadExactlyAsync(part, context.RequestAborted);
            request.Content = new ByteArrayContent(part) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
        }
        using var answer = await gateway.Pass(request);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var name in Told)
            if (answer.Headers.TryGetValues(name, out var values)) context.Response.Headers[name] = string.Join(',', values);
        if (answer.Headers.Location is { } made) context.Response.Headers.Location = $"{Here}/{made.OriginalString.Split('/')[^1]}";
    }
}
