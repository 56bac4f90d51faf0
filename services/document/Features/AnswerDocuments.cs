using ExamPlatform.Documents.Contracts;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

internal sealed class AnswerDocuments(DocumentDb db, IFileStore store, PhotoWorkers workers, Seals seals, TimeProvider clock, ILogger<AnswerDocuments> log) : DocumentAnswers.DocumentAnswersBase
{
    private const int PrintWidth = 413, PrintBytes = 150_000; // 35 mm at 300 dpi

    public override async Task<GetDocumentsReply> GetDocuments(GetDocumentsRequest request, ServerCallContext context)
    {
        if (!Guid.TryParse(request.CandidateId, out var candidate)) throw new RpcException(new Status(StatusCode.InvalidArgument, "candidate_id is not an id."));
        var ids = request.DocumentIds.Select(id => Guid.TryParse(id, out var read) ? read : Guid.Empty).ToList();
        var documents = await db.Documents.AsNoTracking().Where(d => d.CandidateId == candidate && d.DeletedAt == null && ids.Contains(d.Id)).ToListAsync(context.CancellationToken);
        var reply = new GetDocumentsReply();
        reply.Documents.AddRange(documents.Select(d => new Contracts.DocumentState
        {
            DocumentId = d.Id.ToString(),
            Kind = Word(d.Kind),
            State = Word(d.State),
            ContentType = d.ContentType ?? "",
            Bytes = d.Bytes,
            Sha256 = d.Sha256,
        }));
        return reply;
    }

    /// <summary>What was made here goes as it lies; of any other upload the worker makes a print, so that whoever prints decodes nothing but its own kind's work.</summary>
    public override async Task<Photo> GetPhoto(GetPhotoRequest request, ServerCallContext context)
    {
        if (!Guid.TryParse(request.CandidateId, out var candidate) || !Guid.TryParse(request.DocumentId, out var id)) throw new RpcException(new Status(StatusCode.InvalidArgument, "candidate_id and document_id are ids."));
        var ct = context.CancellationToken;
        var photo = await db.Documents.AsNoTracking().Include(d => d.Made).SingleOrDefaultAsync(d => d.Id == id && d.CandidateId == candidate && d.DeletedAt == null && d.Kind == DocumentKind.Photo && d.State == DocumentState.Ready, ct);
        if (photo is null) throw NoPhoto();
        if (photo.Made is null) return new() { Jpeg = ByteString.CopyFrom(await Print(photo, ct)) };
        await using var content = await store.OpenAsync(id, ct);
        return new() { Jpeg = await ByteString.FromStreamAsync(content, ct) };
    }

    /// <summary>Who asks has seen that everybody may read the article it belongs to.</summary>
    public override async Task<AttachmentLink> LinkAttachment(LinkAttachmentRequest request, ServerCallContext context)
    {
        if (!Guid.TryParse(request.DocumentId, out var id)) throw new RpcException(new Status(StatusCode.InvalidArgument, "document_id is no id."));
        if (!await db.Documents.AnyAsync(d => d.Id == id && d.DeletedAt == null && d.Kind == DocumentKind.Attachment && d.State == DocumentState.Ready, context.CancellationToken)) throw new RpcException(new Status(StatusCode.NotFound, "There is no such file."));
        return new() { Address = OpenAttachment.Link(id, request.Name, seals, clock.GetUtcNow()) };
    }

    private async Task<byte[]> Print(Document photo, CancellationToken ct)
    {
        var high = (int)Math.Clamp(Math.Round((double)PrintWidth * photo.Height!.Value / photo.Width!.Value), 1, 3 * PrintWidth);
        try
        {
            var made = await workers.MakeAsync(new(0, PrintBytes, PrintWidth, high, "any", false, new(0, 0, 1, 1), 0), () => store.OpenAsync(photo.Id, ct), ct) ?? throw new RpcException(new Status(StatusCode.Unavailable, "Too many photos wait."));
            return made.Answer.Refused is null ? made.Jpeg : throw NoPhoto();
        }
        catch (WorkerAwayException e)
        {
            log.LogError(e, "A form is printed without its photo");
            throw NoPhoto();
        }
    }

    private static RpcException NoPhoto() => new(new Status(StatusCode.NotFound, "There is no photo that can be shown."));

    public static string Word<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
