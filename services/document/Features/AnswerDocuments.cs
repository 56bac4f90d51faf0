using ExamPlatform.Documents.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Features;

internal sealed class AnswerDocuments(DocumentDb db) : DocumentAnswers.DocumentAnswersBase
{
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

    public static string Word<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
