using System.Security.Cryptography;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Photos;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Documents.Features;

internal static class MakePhoto
{
    /// <param name="Application">Whose exam's rule it is made by.</param>
    /// <param name="Cut">What is kept; null: the head in the middle, where it can be told, and else as much as there is.</param>
    /// <param name="Turn">Quarters clockwise before the cut; how the camera was held is known without.</param>
    /// <param name="BecauseOfSight">It cannot be better because of the candidate's sight: a person decides.</param>
    public sealed record Request(Guid Application, Cut? Cut = null, int Turn = 0, bool BecauseOfSight = false);

    /// <param name="Id">The made photo; show it (GET …/content), then confirm it.</param>
    /// <param name="Cut">What was kept.</param>
    public sealed record Made(Guid Id, int Width, int Height, long Bytes, Cut Cut, int Turn, bool BecauseOfSight, IReadOnlyList<PhotoFinding> Findings);

    public static void MapMakePhoto(this IEndpointRouteBuilder app) => app.MapPost("/api/documents/{id:guid}/photo", Make)
        .AddEndpointFilter<PreparePhoto>().WithIdempotencyKey<DocumentDb>().RequireAuthorization(TokenNames.Candidate)
        .WithName("make-photo").WithTags("document").WithSummary("Makes the exam's photo of an upload and says what is to be mended; it replaces what was made and not confirmed before.");

    private static async Task<Results<Created<Made>, ProblemHttpResult>> Make(Guid id, Request request, Me me, HttpContext http, DocumentDb db, IOptions<DocumentOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var prepared = http.Features.Get<PreparedPhoto>() ?? throw new InvalidOperationException("The photo was not prepared.");
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        var source = await db.Documents.SingleOrDefaultAsync(d => d.Id == id && d.CandidateId == me.Id && d.DeletedAt == null, ct);
        if (source is null) return Problems.NotFound();
        var now = clock.GetUtcNow();
        foreach (var before in await db.Documents.Include(d => d.Made).Where(d => d.CandidateId == me.Id && d.DeletedAt == null && !d.Submitted && d.Made!.ApplicationId == request.Application && d.Made.ConfirmedAt == null).ToListAsync(ct))
            before.Replace(now);
        await db.SaveChangesAsync(ct);
        if (await UploadDocument.OverQuota(db, me.Id, prepared.Bytes, options.Value, ct) is { } refusal) return refusal.ToProblem();
        var photo = source.Photo(prepared.Id, request.Application, prepared.Answer, prepared.Bytes, prepared.Sha256, request.Turn, request.BecauseOfSight, now);
        db.Documents.Add(photo);
        await db.SaveChangesAsync(ct);
        if (own is not null) await own.CommitAsync(ct);
        prepared.Kept = true;
        return TypedResults.Created($"/api/documents/{photo.Id}", new Made(photo.Id, prepared.Answer.Width, prepared.Answer.Height, photo.Bytes, prepared.Answer.Cut!, request.Turn, request.BecauseOfSight, [.. photo.Made!.Findings.Select(PhotoFinding.Of)]));
    }
}

/// <summary>A photo that lies in the store; <see cref="Kept"/> says that a row now speaks for it.</summary>
internal sealed class PreparedPhoto(Guid id, PhotoAnswer answer, byte[] jpeg)
{
    public Guid Id => id;
    public PhotoAnswer Answer => answer;
    public long Bytes => jpeg.Length;
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(jpeg));
    public bool Kept { get; set; }
}

/// <summary>Does the work before the request gets a transaction: no database connection waits for a decoder (ADR 22).</summary>
internal sealed class PreparePhoto(ApplicationAnswers.ApplicationAnswersClient applications, PhotoWorkers workers, IFileStore store, ILogger<PreparePhoto> log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (http, request) = (context.HttpContext, context.Arguments.OfType<MakePhoto.Request>().Single());
        if (Faults(request) is { Any: true } faults) return faults.ToProblem();
        var (me, id, ct) = (Me.From(http.User), context.Arguments.OfType<Guid>().First(), http.RequestAborted);
        var db = http.RequestServices.GetRequiredService<DocumentDb>();
        var source = await db.Documents.AsNoTracking().Include(d => d.Made).SingleOrDefaultAsync(d => d.Id == id && d.CandidateId == me.Id && d.DeletedAt == null, ct);
        if (source is null) return Problems.NotFound();
        if (source.MayBecomePhoto() is { } refusal) return refusal.ToProblem();
        if (await Rule(me, request.Application, ct) is not { } rule) return Problems.NotFound();
        var job = new PhotoJob(rule.MinBytes, rule.MaxBytes, rule.Width > 0 ? rule.Width : null, rule.Height > 0 ? rule.Height : null, rule.Ground, rule.SetGround, request.Cut, request.Turn);
        (PhotoAnswer Answer, byte[] Jpeg)? made;
        try
        {
            made = await workers.MakeAsync(job, () => store.OpenAsync(id, ct), ct);
        }
        catch (WorkerAwayException e)
        {
            log.LogError(e, "No photo can be made");
            made = null;
        }
        if (made is not { } answered)
        {
            http.Response.Headers.RetryAfter = "5";
            return Problems.Of(503, "photos-busy", "Photos cannot be made at this moment; nothing is lost, ask again in some seconds.");
        }
        return answered.Answer.Refused is { } word ? Unfit(word) : await Pass(http, new(Guid.CreateVersion7(), answered.Answer, answered.Jpeg), answered.Jpeg, () => next(context));
    }

    /// <summary>If an exception passes through here the commit is in doubt: the file stays, and the sweep removes it unless a row speaks for it.</summary>
    private async Task<object?> Pass(HttpContext http, PreparedPhoto prepared, byte[] jpeg, Func<ValueTask<object?>> next)
    {
        using (var content = new MemoryStream(jpeg)) await store.PutAsync(prepared.Id, content, http.RequestAborted);
        http.Features.Set(prepared);
        var result = await next();
        if (!prepared.Kept) await store.DeleteAsync(prepared.Id, CancellationToken.None);
        return result;
    }

    private async Task<AskedPhoto?> Rule(Me me, Guid application, CancellationToken ct)
    {
        try
        {
            return await applications.GetPhotoRuleAsync(new() { ApplicationId = application.ToString(), CandidateId = me.Id.ToString() }, cancellationToken: ct);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
        {
            return null;
        }
    }

    private static ProblemHttpResult Unfit(string word) => Problems.Of(StatusCodes.Status409Conflict, $"photo-{word}", word switch
    {
        "truncated" => "The picture ends before its end: it came over incomplete. Send the original again.",
        "too-many-pixels" => "The picture has more than 110 million pixels. Take it with the camera's usual resolution.",
        "wrong-type" => "The picture is neither a JPEG nor a PNG. Save it as one of these.",
        "too-hard" => "The picture could not be worked on within the limits. Take another one.",
        _ => "The picture is damaged and cannot be read to its end. Send the original again, or take another one.",
    });

    private static Faults Faults(MakePhoto.Request request) => new Faults()
        .Add(request.Cut is { } cut && !(InPart(cut.Left) && InPart(cut.Top) && InPart(cut.Width) && InPart(cut.Height) && cut.Width > 0 && cut.Height > 0), "cut", "out-of-range", "Fractions of the upright picture, 0 to 1, and a width and height above 0.")
        .Add(request.Turn is < 0 or > 3, "turn", "out-of-range", "Quarters clockwise, 0 to 3.");

    private static bool InPart(double value) => value is >= 0 and <= 1;
}
