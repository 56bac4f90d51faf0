using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

public static class AttachDocuments
{
    /// <param name="Photo">The upload confirmed as the photo of this application; null for none.</param>
    /// <param name="Documents">Uploads by the code of the programme's document rule; replaces all that were attached.</param>
    public sealed record Request(Guid? Photo, IReadOnlyDictionary<string, Guid> Documents);

    public static void MapAttachDocuments(this IEndpointRouteBuilder app) => app.MapPut("/api/applications/{id:guid}/documents", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithTags("application").Produces<ViewApplications.ApplicationView>()
        .WithName("attach-application-documents").WithSummary("Confirms the photo and says which upload is which document (If-Match). They are examined when the application is submitted.");

    private static async Task<IResult> Handle(Guid id, Request request, Me me, HttpContext http, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var application = await db.Applications.SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application is null) return Problems.NotFound();
        var programme = await programmes.Of(application, ct);
        if (http.Request.CheckIfMatch(application.Edition) is { } conflict) return conflict;
        var faults = new Faults().Documents(programme, request.Documents.Keys);
        if (faults.Any) return faults.ToProblem();
        var profile = await db.GroupsOf(me.Id, ct);
        if (application.Attach(request.Photo, request.Documents, programme, profile, now) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        http.Response.SetETag(application.Edition);
        return TypedResults.Ok(ViewApplications.View(application, programme, profile, now));
    }

    /// <summary>Documents that the exam does not ask for.</summary>
    internal static Faults Documents(this Faults faults, ExamProgramme programme, IEnumerable<string> codes)
    {
        foreach (var code in codes) faults.Add(programme.Documents.All(d => d.Code != code), $"documents/{code}", "unknown-document", "This exam asks for no such document.");
        return faults;
    }
}
