using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

public static class ViewSubmission
{
    public sealed record Reply(int Version, string VerificationCode, DateTimeOffset SubmittedAt, string Area, string Site, string AreaTitle, IReadOnlyList<SectionView> Sections,
        Guid? Photo, IReadOnlyDictionary<string, Guid> Documents, bool Current, bool Trial);
    public sealed record SectionView(string Code, string Title, IReadOnlyList<FieldView> Fields);
    public sealed record FieldView(string Code, string Title, string Value);

    public static void MapViewSubmission(this IEndpointRouteBuilder app) => app.MapGet("/api/applications/{id:guid}/submissions/{version:int}", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithTags("application")
        .WithName("get-submission").WithSummary("One submitted version, as it was sent in.");

    private static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(Guid id, int version, Me me, ApplicationDb db, Programmes programmes, CancellationToken ct)
    {
        var application = await db.Applications.AsNoTracking().Include(a => a.Submissions.Where(s => s.Number == version)).SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application?.Submissions is not [var sent]) return Problems.NotFound();
        var programme = await programmes.Of(application, ct);
        return TypedResults.Ok(new Reply(sent.Number, sent.VerificationCode, sent.SubmittedAt, sent.AreaCode, sent.SiteCode, AreaTree.Title(sent.AreaCode, sent.SiteCode),
            [.. Sections(sent, programme)], sent.PhotoId, sent.Documents, application.IsCurrent(sent.Number), application.Trial));
    }

    /// <summary>The answers of a version in words, section by section; the wanted places before them, where there are some.</summary>
    public static IEnumerable<SectionView> Sections(Submission sent, ExamProgramme programme) =>
    [
        .. sent.Preferences.Count == 0 ? [] : (SectionView[])[new("preferences", StatusWords.Of("step-preferences"), [.. Places(sent, programme)])],
        .. programme.Form.Select(section => new SectionView(section.Code, section.Title,
            [.. section.Fields.Where(f => sent.Answers.ContainsKey($"{section.Code}/{f.Code}")).Select(f => new FieldView(f.Code, f.Title, f.Show(sent.Answers[$"{section.Code}/{f.Code}"], sent.Profile)))])),
    ];

    private static IEnumerable<FieldView> Places(Submission sent, ExamProgramme programme)
    {
        string Title(string place) => programme.Sessions.Select(s => s.Base(place)?.Title).FirstOrDefault(title => title is not null) ?? place;
        foreach (var (rank, wanted) in sent.Preferences.Index()) yield return new($"{rank + 1}", StatusWords.Of("preference", rank + 1), $"{Title(wanted.Base)} {wanted.Speciality}");
        if (sent.Place is { } held) yield return new("place", StatusWords.Of("place-held"), $"{Title(held.Base)} {held.Speciality}");
    }
}
