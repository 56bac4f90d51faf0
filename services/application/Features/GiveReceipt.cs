using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>A signed receipt of what was sent in, and the key that anybody can check it with.</summary>
public static class GiveReceipt
{
    private static readonly JsonSerializerOptions Json = new JsonSerializerOptions(JsonSerializerDefaults.Web).UsePlatformRules();

    /// <param name="Receipt">A JWS (compact, ES256); its payload names the content's SHA-256.</param>
    /// <param name="Content">What was sent in, to be kept byte for byte (UTF-8).</param>
    public sealed record Reply(string Receipt, string Content);

    public sealed record ReceiptKey(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg);

    public sealed record ReceiptKeys(IReadOnlyList<ReceiptKey> Keys);

    public static void MapGiveReceipt(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/applications/{id:guid}/submissions/{version:int}/receipt", Handle).RequireAuthorization(TokenNames.Candidate).WithTags("application")
            .WithName("get-receipt").WithSummary("A signed receipt of one submitted version, which proves without us what was sent in and when.");
        app.MapGet("/api/programmes/receipt-keys", Keys).AllowAnonymous().WithTags("application").WithName("list-receipt-keys").WithSummary("The keys that receipts are verified with (JWK set).");
    }

    private static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(Guid id, int version, Me me, ApplicationDb db, Programmes programmes, Receipts receipts, CancellationToken ct)
    {
        var application = await db.Applications.AsNoTracking().Include(a => a.Submissions.Where(s => s.Number == version)).SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application?.Submissions is not [var sent]) return Problems.NotFound();
        var programme = await programmes.Of(application, ct);
        var content = JsonSerializer.Serialize(new
        {
            application = id,
            programme = programme.Code,
            programmeVersion = programme.Version,
            session = application.SessionCode,
            sent.Number,
            sent.SubmittedAt,
            sent.VerificationCode,
            sent.AreaCode,
            sent.SiteCode,
            sent.Answers, // in the programme's codes, and the entries as they were: words may be written better later
            entries = sent.Profile,
            sent.PhotoId,
            sent.Documents,
            sent.Preferences,
            sent.Place,
            application.Trial,
        }, Json);
        return TypedResults.Ok(new Reply(receipts.Sign(sent, content, application.Trial), content));
    }

    private static Ok<ReceiptKeys> Keys(Receipts receipts) =>
        TypedResults.Ok(new ReceiptKeys([new(receipts.PublicKey.Kty, receipts.PublicKey.Crv, receipts.PublicKey.X, receipts.PublicKey.Y, receipts.PublicKey.Kid, "sig", "ES256")]));
}
