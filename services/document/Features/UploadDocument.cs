using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace ExamPlatform.Documents.Features;

internal static class UploadDocument
{
    /// <summary>One officer may bring so many times a candidate's share, of files that stay for years.</summary>
    private const int ForStaff = 20;

    /// <param name="State">quarantined: look again at the address in Location.</param>
    public sealed record Uploaded(Guid Id, DocumentState State);

    public static void MapUploadDocument(this IEndpointRouteBuilder app) => app.MapPost("/api/documents", Upload)
        .AddEndpointFilter<ReceiveUpload>().WithIdempotencyKey<DocumentDb>().RequireAuthorization(policy => policy.RequireRole(TokenNames.Candidate, TokenNames.Officer))
        .AddOpenApiOperationTransformer(DescribeBody)
        .WithName("upload-document").WithTags("document").WithSummary("Takes the raw body in as an upload of the candidate, into quarantine; officers of level site or area say for whom (?for=).");

    // only described, not Accepts<…>: with that, routing would answer a wrong type before this feature can
    private static Task DescribeBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var file = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = TypesOf(DocumentKind.Document).ToDictionary(type => type, _ => file) };
        return Task.CompletedTask;
    }

    public static IReadOnlyList<string> TypesOf(DocumentKind kind) => kind switch
    {
        DocumentKind.Photo => [Inspection.Jpeg, Inspection.Png],
        DocumentKind.Attachment => [Inspection.Pdf, .. Inspection.Packed, .. Inspection.OldOffice],
        _ => [Inspection.Jpeg, Inspection.Png, Inspection.Pdf],
    };

    private static async Task<Results<Created<Uploaded>, ProblemHttpResult>> Upload(string? kind, [FromQuery(Name = "for")] string? candidate, HttpContext http, DocumentDb db, IOptions<DocumentOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var file = http.Features.Get<ReceivedUpload>() ?? throw new InvalidOperationException("The upload was not received.");
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        if (await OverQuota(db, file.Target.CandidateId, file.Bytes, options.Value, ct, file.Target.Kind is DocumentKind.Attachment ? ForStaff : 1) is { } refusal) return refusal.ToProblem();
        var document = Document.Quarantine(file.Id, file.Target, file.ContentType, file.Bytes, file.Sha256, clock.GetUtcNow());
        db.Documents.Add(document);
        await db.SaveChangesAsync(ct);
        if (own is not null) await own.CommitAsync(ct);
        file.Keep();
        return TypedResults.Created($"/api/documents/{document.Id}", new Uploaded(document.Id, document.State));
    }

    /// <summary>Counted under a lock of the candidate's own, or parallel uploads would each see room for one more.</summary>
    internal static async Task<Refusal?> OverQuota(DocumentDb db, Guid candidate, long bytes, DocumentOptions options, CancellationToken ct, int times = 1)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({candidate.ToString()}, 0))", ct);
        var kept = db.Documents.Where(d => d.CandidateId == candidate && d.DeletedAt == null && d.State != DocumentState.Rejected);
        if (await kept.CountAsync(ct) >= options.MaxCountPerCandidate * times)
            return new("too-many-documents", $"You may keep {options.MaxCountPerCandidate * times} uploads; delete one that no application holds.");
        return await kept.SumAsync(d => d.Bytes, ct) + bytes > options.MaxBytesPerCandidate * times
            ? new("documents-too-large", $"Your uploads may have {options.MaxBytesPerCandidate * times} bytes together; delete some that no application holds.")
            : null;
    }
}
