using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace ExamPlatform.Applications.Features;

/// <summary>The form of one submitted version, as the Accept header wants it: a PDF, made in the background when it is first asked for, or HTML at once.</summary>
public static class GiveForm
{
    private const string Pdf = "application/pdf", Html = "text/html";
    private const string RetryAfter = "2";

    public static void MapGiveForm(this IEndpointRouteBuilder app) => app.MapGet("/api/applications/{id:guid}/submissions/{version:int}/form", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithTags("application").WithName("get-form")
        .WithSummary("The form of one submitted version to print, with its verification code: application/pdf (202 with Retry-After while it is being made) or text/html.")
        .Produces(StatusCodes.Status200OK, contentType: Pdf, additionalContentTypes: Html).Produces(StatusCodes.Status202Accepted).ProducesProblem(404).ProducesProblem(406).ProducesProblem(409);

    private static async Task<IResult> Handle(Guid id, int version, Me me, HttpContext http, ApplicationDb db, Programmes programmes, IdentityAnswers.IdentityAnswersClient identity, DocumentAnswers.DocumentAnswersClient documents,
        FormSeal seal, TimeProvider clock, CancellationToken ct)
    {
        var application = await db.Applications.AsNoTracking().Include(a => a.Submissions.Where(s => s.Number == version)).SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application?.Submissions is not [var sent]) return Problems.NotFound();
        http.Response.Headers.Vary = HeaderNames.Accept;
        http.Response.Headers.CacheControl = "private, no-store"; // a person's name and number
        switch (Wanted(http.Request))
        {
            case Html:
                var person = await identity.GetPersonAsync(new() { CandidateId = me.Id.ToString() }, cancellationToken: ct);
                http.Response.Headers.ContentSecurityPolicy = FormDocument.SecurityPolicy(sent.VerificationCode);
                return TypedResults.Text(FormDocument.Write(application, sent, await programmes.Of(application, ct), person, await FormDocument.PhotoOf(application, sent, documents, ct)), Html, System.Text.Encoding.UTF8);
            case Pdf:
                var form = await Ask(id, version, db, clock.GetUtcNow(), ct);
                if (form.State is FormState.Rendered) return TypedResults.File(seal.Open(form), Pdf);
                if (form.State is FormState.Failed) return NotMade.ToProblem();
                http.Response.Headers.RetryAfter = RetryAfter;
                return TypedResults.StatusCode(StatusCodes.Status202Accepted);
            default:
                return Problems.Of(StatusCodes.Status406NotAcceptable, "not-acceptable", $"Accept {Pdf} or {Html}.");
        }
    }

    private static readonly Refusal NotMade = new("form-not-made", "The PDF could not be made; ask again in some minutes, or take the form as text/html and print that.");

    /// <summary>Two who ask at once have one form: the key is the version's.</summary>
    private static async Task<PrintedForm> Ask(Guid id, int version, ApplicationDb db, DateTimeOffset now, CancellationToken ct)
    {
        if (await db.PrintedForms.FindAsync([id, version], ct) is not { } form)
        {
            var asked = PrintedForm.Ask(id, version, now);
            await db.Database.ExecuteSqlAsync($"insert into printed_forms (application_id, number, state, asked_at, try_at, attempts) values ({id}, {version}, {nameof(FormState.Waiting)}, {asked.AskedAt}, {asked.TryAt}, 0) on conflict do nothing", ct);
            return asked;
        }
        form.AskAgain(now);
        await db.SaveChangesAsync(ct);
        return form;
    }

    /// <summary>The first of the two that is wanted most; anything will do as a PDF.</summary>
    private static string? Wanted(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0) return Pdf;
        return accepted.Where(a => a.Quality is not 0).OrderByDescending(a => a.Quality ?? 1)
            .Select(a => a.MatchesMediaType(Pdf) ? Pdf : a.MatchesMediaType(Html) ? Html : null).FirstOrDefault(type => type is not null);
    }
}
