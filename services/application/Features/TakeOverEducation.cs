using System.Text.RegularExpressions;
using ExamPlatform.Identities.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>
/// 学信网授权: the candidate gives the code of a report, and what the register says becomes an entry of the profile, verified. No Idempotency-Key: the register is not asked inside a
/// transaction, and a repeat finds the entry it made.
/// </summary>
public static partial class TakeOverEducation
{
    /// <param name="Code">学信网在线验证码: 16 digits and capital letters, 12 on older reports.</param>
    public sealed record Request(string Code);

    public static void MapTakeOverEducation(this IEndpointRouteBuilder app) => app.MapPost("/api/profile/education/chsi", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithTags("application").Produces<ProfileGroups>().ProducesProblem(400).ProducesProblem(409).ProducesProblem(503)
        .WithName("take-over-education").WithSummary("Adds a verified education entry from CHSI (学信网) by the verification code of an on-line report.");

    private static async Task<IResult> Handle(Request request, Me me, HttpContext http, IChsi chsi, IdentityAnswers.IdentityAnswersClient identity, ApplicationDb db, TimeProvider clock, CancellationToken ct)
    {
        if (!CodeFormat().IsMatch(request.Code)) return new Faults().Add(true, "code", "not-a-code", "The code has 12 or 16 digits and capital letters.").ToProblem();
        var answer = await chsi.AskAsync(request.Code, ct);
        if (answer.Outcome is ChsiOutcome.UnknownCode) return new Refusal("chsi-unknown-code", "CHSI knows no report with this code; it may have run out: apply for a new one there.").ToProblem();
        if (answer.Report is not { } report) return Unreachable(http);
        var now = clock.GetUtcNow();
        if (await OfAnotherPerson(report, me.Id, identity, ct) is { } other) return other.ToProblem();
        if (report.Entry() is not { } entry) return new Refusal("chsi-not-held", "CHSI holds higher education from 2001 on; enter other education yourself.").ToProblem();
        if (new EducationGroup([entry]).Check(Application.Today(now)).Any) return Unreachable(http); // an answer that cannot be read is none
        var profile = await db.Profiles.SingleOrDefaultAsync(p => p.CandidateId == me.Id, ct);
        if (profile is null) db.Profiles.Add(profile = new() { CandidateId = me.Id });
        if (profile.TakeOver(entry, now) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        http.Response.SetETag(profile.Version);
        return TypedResults.Ok(profile.Groups);
    }

    private static async Task<Refusal?> OfAnotherPerson(ChsiReport report, Guid candidateId, IdentityAnswers.IdentityAnswersClient identity, CancellationToken ct)
    {
        try
        {
            var person = await identity.GetPersonAsync(new() { CandidateId = candidateId.ToString() }, cancellationToken: ct);
            return report.IsOf(person.Name, person.BirthDate) ? null : new("chsi-other-person", "The report is another person's; use the code of your own.");
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return new("person-unknown", "Your account holds no identity; complete the registration of your account first.");
        }
    }

    private static IResult Unreachable(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "30";
        return Problems.Of(503, "registry-unreachable", "CHSI does not answer now; nothing was changed. Try again later, or enter the education yourself.");
    }

    [GeneratedRegex(@"\A([0-9A-Z]{12}|[0-9A-Z]{16})\z")]
    private static partial Regex CodeFormat();
}
