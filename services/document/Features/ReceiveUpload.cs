using ExamPlatform.Identities.Contracts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ExamPlatform.Documents.Features;

/// <summary>A file that came in whole and lies in the store; <see cref="Keep"/> says that a row now speaks for it.</summary>
internal sealed class ReceivedUpload(Guid id, UploadTarget target, string contentType, long bytes, string sha256)
{
    public Guid Id => id;
    public UploadTarget Target => target;
    public string ContentType => contentType;
    public long Bytes => bytes;
    public string Sha256 => sha256;
    public bool Kept { get; private set; }
    public void Keep() => Kept = true;
}

/// <summary>
/// Streams the raw body into the file store before anything else happens: no database connection waits for a slow line. Then the stored file takes the body's place,
/// so that the Idempotency-Key is compared with the content itself.
/// </summary>
internal sealed class ReceiveUpload(IFileStore store, IOptions<DocumentOptions> options, ReleaseSignal signal, ILogger<ReceiveUpload> log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var limit = options.Value.MaxBytes;
        var me = Me.From(http.User);
        var (target, refused) = UploadTarget.Of(me, http.Request.Query["kind"].ToString(), http.Request.Query["for"].ToString());
        if (target is null) return refused;
        if (Refused(http.Request, target.Kind, limit) is { } unfit) return unfit;
        if (target.CandidateId != me.Id && !await Consented(target.CandidateId, me, http)) return UploadTarget.For("no-consent", "No consent of such a person was taken in here; register the person at the counter first.");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit + 1; // the refusal is ours
        var id = Guid.CreateVersion7();
        using var body = new MeasuredBody(http.Request.Body, limit, http.Request.ContentLength);
        try
        {
            await store.PutAsync(id, body, http.RequestAborted);
        }
        catch (UploadFault fault)
        {
            return fault.Problem;
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status400BadRequest)
        {
            return UploadFault.Truncated().Problem; // the server itself saw the body end early
        }
        var upload = new ReceivedUpload(id, target, MediaType(http.Request)!, body.Bytes, body.Sha256());
        http.Features.Set(upload);
        return await Pass(http, upload, () => next(context));
    }

    /// <summary>If an exception passes through here the commit is in doubt: the file stays, and the sweep removes it unless a row speaks for it.</summary>
    private async Task<object?> Pass(HttpContext http, ReceivedUpload upload, Func<ValueTask<object?>> next)
    {
        object? result;
        await using (http.Request.Body = await store.OpenAsync(upload.Id, http.RequestAborted)) result = await next();
        if (upload.Kept)
        {
            signal.Wake();
        }
        else
        {
            log.LogInformation("The upload was a repeat or refused; its file {DocumentId} is removed", upload.Id);
            await store.DeleteAsync(upload.Id, CancellationToken.None);
        }
        return result;
    }

    internal static async Task<bool> Consented(Guid candidate, Me officer, HttpContext http)
    {
        var identity = http.RequestServices.GetRequiredService<IdentityAnswers.IdentityAnswersClient>();
        return (await identity.FindConsentAsync(new() { CandidateId = candidate.ToString(), AreaPath = officer.AreaPath }, cancellationToken: http.RequestAborted)).Given;
    }

    private static IResult? Refused(HttpRequest request, DocumentKind kind, long limit)
    {
        if (MediaType(request) is not { } type || !UploadDocument.TypesOf(kind).Contains(type))
            return Problems.Of(415, "unsupported-media-type", $"Say in Content-Type which it is: {string.Join(", ", UploadDocument.TypesOf(kind))}.");
        if (request.ContentLength == 0) return UploadFault.Empty().Problem;
        return request.ContentLength > limit ? UploadFault.TooLarge(limit).Problem : null;
    }

    private static string? MediaType(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type.MediaType.Value?.ToLowerInvariant() : null;
}

/// <summary>The body cannot become an upload.</summary>
internal sealed class UploadFault(int status, string code, string detail) : Exception(detail)
{
    public IResult Problem => Problems.Of(status, code, Message);

    public static UploadFault Empty() => new(400, "empty-upload", "The body is empty; send the file itself as the body.");
    public static UploadFault Truncated() => new(400, "truncated-upload", "The body ended before its Content-Length; nothing was kept. Send the file again.");
    public static UploadFault TooLarge(long limit) => new(413, "too-large", $"A file may have {limit} bytes at most.");
}
