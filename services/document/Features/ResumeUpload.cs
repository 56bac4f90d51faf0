using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Documents.Features;

/// <summary>
/// Uploads that survive a broken line: tus 1.0.0 (https://tus.io/protocols/resumable-upload), core with creation, expiration and checksum. What is sent in one request goes by <see cref="UploadDocument"/>.
/// </summary>
internal static class ResumeUpload
{
    private const string Version = "1.0.0", Address = "/api/documents/uploads", OffsetBody = "application/offset+octet-stream";

    public static void MapResumeUpload(this IEndpointRouteBuilder app)
    {
        var uploads = app.MapGroup(Address).AddEndpointFilter(SpeakTus).RequireAuthorization(policy => policy.RequireRole(TokenNames.Candidate, TokenNames.Officer)).WithTags("document");
        uploads.MapPost("/", Start).WithIdempotencyKey<DocumentDb>().Produces(201).ProducesProblem(400).ProducesProblem(409).ProducesProblem(412).ProducesProblem(413)
            .WithName("start-upload").WithSummary("tus: announces an upload of Upload-Length bytes, its type in Upload-Metadata (filetype); Location is where its parts go.");
        uploads.MapMethods("/{id:guid}", [HttpMethods.Head], Look).ExcludeFromDescription(); // OpenAPI readers do not expect an operation without any answer body
        uploads.MapPatch("/{id:guid}", Take).Produces(204).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(413).ProducesProblem(415)
            .WithName("send-upload-part").WithSummary("tus: the bytes from Upload-Offset on; what arrived before a connection broke is kept, and HEAD tells where to go on. The last part makes it a document.");
    }

    /// <summary>Every answer names the version; another one is not understood.</summary>
    private static async ValueTask<object?> SpeakTus(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        response.Headers["Tus-Resumable"] = Version;
        response.Headers.CacheControl = "no-store";
        if (request.Headers["Tus-Resumable"] == Version) return await next(context);
        response.Headers["Tus-Version"] = Version;
        return Problems.Of(StatusCodes.Status412PreconditionFailed, "tus-version", $"Send Tus-Resumable: {Version}.");
    }

    private static async Task<IResult> Start([FromQuery] string? kind, [FromQuery(Name = "for")] string? candidate, Me me, HttpContext http, DocumentDb db, IOptions<DocumentOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var (target, refused) = UploadTarget.Of(me, kind ?? "", candidate ?? "");
        if (target is null) return refused!;
        if (!long.TryParse(http.Request.Headers["Upload-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length == 0)
            return Problems.Of(400, "upload-length", "Say in Upload-Length how many bytes the file has.");
        if (length > options.Value.MaxBytes) return UploadFault.TooLarge(options.Value.MaxBytes).Problem;
        if (FileType(http.Request.Headers["Upload-Metadata"].ToString()) is not { } type || !UploadDocument.TypesOf(target.Kind).Contains(type))
            return Problems.Of(415, "unsupported-media-type", $"Say in Upload-Metadata, as filetype in base64, which it is: {string.Join(", ", UploadDocument.TypesOf(target.Kind))}.");
        if (target.CandidateId != me.Id && !await ReceiveUpload.Consented(target.CandidateId, me, http)) return UploadTarget.For("no-consent", "No consent of such a person was taken in here; register the person at the counter first.");
        var now = clock.GetUtcNow();
        if (await UploadDocument.OverQuota(db, target.CandidateId, length, options.Value, ct) is { } refusal) return refusal.ToProblem();
        if (await db.UnfinishedUploads.CountAsync(u => u.SenderId == me.Id && u.ExpiresAt > now, ct) >= options.Value.MaxUnfinished) return new Refusal("too-many-unfinished", $"{options.Value.MaxUnfinished} uploads are unfinished; finish them, or wait until they expire.").ToProblem();
        var upload = UnfinishedUpload.Start(me.Id, target, type, length, now + options.Value.UnfinishedFor, now);
        db.UnfinishedUploads.Add(upload);
        await db.SaveChangesAsync(ct);
        Tell(http.Response, upload);
        return TypedResults.Created($"{Address}/{upload.Id}");
    }

    private static async Task<IResult> Look(Guid id, Me me, HttpContext http, DocumentDb db, FinishUpload finish, TimeProvider clock, CancellationToken ct)
    {
        if (await Own(db, id, me, clock.GetUtcNow(), ct) is { } upload)
        {
            // the process may have died between the last part and the document
            if (upload.IsWhole && await finish.Finish(id, ct) is { } refusal) return refusal.ToProblem();
            Tell(http.Response, upload);
            return TypedResults.Ok();
        }
        if (await db.Documents.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id && (d.UploadedBy ?? d.CandidateId) == me.Id && d.DeletedAt == null && d.Made == null, ct) is not { } document) return Problems.NotFound();
        (http.Response.Headers["Upload-Offset"], http.Response.Headers["Upload-Length"]) = (Number(document.Bytes), Number(document.Bytes));
        return TypedResults.Ok();
    }

    private static async Task<IResult> Take(Guid id, Me me, HttpContext http, DocumentDb db, IFileStore store, FinishUpload finish, IOptions<DocumentOptions> options, TimeProvider clock)
    {
        var ct = CancellationToken.None; // what arrived is kept also when who sent it has gone
        if (await Own(db, id, me, clock.GetUtcNow(), ct) is not { } upload) return Problems.NotFound();
        if (http.Request.ContentType != OffsetBody) return Problems.Of(415, "unsupported-media-type", $"A part is sent as {OffsetBody}.");
        if (!long.TryParse(http.Request.Headers["Upload-Offset"], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)) return Problems.Of(400, "upload-offset-missing", "Say in Upload-Offset where the part begins.");
        if (upload.MayTake(offset) is { } early) return early.ToProblem();
        if (http.Request.ContentLength > upload.Length - offset) return UploadFault.TooLarge(upload.Length).Problem;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = options.Value.MaxBytes + 1; // the refusal is ours
        var file = Guid.CreateVersion7();
        if (await Receive(http.Request, file, upload.Length - offset, store, ct) is var (bytes, problem) && problem is not null) return problem;
        if (bytes > 0 && await Note(db, upload, file, offset, bytes, clock.GetUtcNow() + options.Value.UnfinishedFor, ct) is { } late)
        {
            await store.DeleteAsync(file, ct); // another connection was faster
            return late.ToProblem();
        }
        if (upload.IsWhole && await finish.Finish(id, ct) is { } refusal) return refusal.ToProblem();
        Tell(http.Response, upload);
        return TypedResults.NoContent();
    }

    /// <summary>Streams the part into the store. Nothing of it stays where it is too long or not what its checksum says.</summary>
    private static async Task<(long Bytes, IResult? Problem)> Receive(HttpRequest request, Guid file, long limit, IFileStore store, CancellationToken ct)
    {
        var broken = new BreakableBody(request.Body);
        using var body = new MeasuredBody(broken, limit, null);
        try
        {
            await store.PutAsync(file, body, ct);
        }
        catch (UploadFault fault)
        {
            return (0, body.Bytes == 0 ? null : fault.Problem); // nothing has come: the offset says so
        }
        if (Checksum(request) is not { } sum) return (body.Bytes, null);
        if (sum.Length > 0 && sum == body.Sha256() && !broken.Broken) return (body.Bytes, null);
        await store.DeleteAsync(file, ct);
        return sum.Length == 0 ? (0, Problems.Of(400, "checksum-algorithm", "Upload-Checksum is sha256 and the hash in base64.")) : (0, Problems.Of(460, "checksum-mismatch", "The part is not what its checksum says; nothing of it was kept. Send it again."));
    }

    private static async Task<Refusal?> Note(DocumentDb db, UnfinishedUpload upload, Guid file, long offset, long bytes, DateTimeOffset expiresAt, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await FinishUpload.Lock(db, upload.Id, ct);
        if (await db.UploadParts.AsNoTracking().Where(p => p.UploadId == upload.Id).SumAsync(p => p.Bytes, ct) is var there && there != upload.Received) return new("upload-offset", $"The next byte is {there}, not {offset}: ask with HEAD and go on from there.");
        if (upload.Take(file, offset, bytes, expiresAt) is { } refusal) return refusal;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    private static Task<UnfinishedUpload?> Own(DocumentDb db, Guid id, Me me, DateTimeOffset now, CancellationToken ct) =>
        db.UnfinishedUploads.Include(u => u.Parts).SingleOrDefaultAsync(u => u.Id == id && u.SenderId == me.Id && u.ExpiresAt > now, ct);

    private static void Tell(HttpResponse response, UnfinishedUpload upload)
    {
        (response.Headers["Upload-Offset"], response.Headers["Upload-Length"]) = (Number(upload.Received), Number(upload.Length));
        if (!upload.IsWhole) response.Headers["Upload-Expires"] = upload.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Pairs of a key and a value in base64, parted by commas. Of all of them only the type is read: a file's name may be a person's.</summary>
    private static string? FileType(string metadata)
    {
        foreach (var pair in metadata.Split(',', StringSplitOptions.TrimEntries))
            if (pair.Split(' ') is ["filetype", var value] && Base64.IsValid(value)) return Encoding.UTF8.GetString(Convert.FromBase64String(value)).ToLowerInvariant();
        return null;
    }

    /// <returns>Null where none is sent; empty where it cannot be read; else lower-case hex.</returns>
    private static string? Checksum(HttpRequest request) => request.Headers["Upload-Checksum"].ToString() is not { Length: > 0 } sent ? null
        : sent.Split(' ') is ["sha256", var value] && Base64.IsValid(value) ? Convert.ToHexStringLower(Convert.FromBase64String(value)) : "";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Makes a document of an upload whose last byte has arrived: one file of its parts, one row, in quarantine like any other.</summary>
internal sealed class FinishUpload(IServiceScopeFactory scopes, IFileStore store, IOptions<DocumentOptions> options, ReleaseSignal signal, TimeProvider clock)
{
    /// <summary>Done again it changes nothing.</summary>
    public async Task<Refusal?> Finish(Guid id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DocumentDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await Lock(db, id, ct);
        if (await db.UnfinishedUploads.Include(u => u.Parts).SingleOrDefaultAsync(u => u.Id == id, ct) is not { IsWhole: true } upload) return null;
        if (await UploadDocument.OverQuota(db, upload.CandidateId, upload.Length, options.Value, ct) is { } refusal) return refusal;
        var files = upload.Parts.OrderBy(p => p.Offset).Select(p => p.FileId).ToList();
        using var parts = new JoinedParts(files, store);
        using var whole = new MeasuredBody(parts, upload.Length, upload.Length);
        await store.ReplaceAsync(id, whole, ct); // in the place of what a process that died had made
        db.Documents.Add(Document.Quarantine(id, upload.Target, upload.ContentType, whole.Bytes, whole.Sha256(), clock.GetUtcNow()));
        db.UnfinishedUploads.Remove(upload);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        foreach (var file in files) await store.DeleteAsync(file, ct);
        signal.Wake();
        return null;
    }

    /// <summary>Of two connections, or replicas, one at a time.</summary>
    public static Task Lock(DocumentDb db, Guid id, CancellationToken ct) => db.Database.ExecuteSqlAsync($"select 1 from unfinished_uploads where id = {id} for update", ct);
}
