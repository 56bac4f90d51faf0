using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>The candidate's own profile. A group is saved whole, when the candidate says so (C1); another device's change shows as 412.</summary>
public static class KeepProfile
{
    /// <param name="Marks">One for each entry of the lists.</param>
    public sealed record ProfileView(BasicGroup? Basic, ContactGroup? Contact, WorkGroup? Work, EducationGroup? Education, TrainingGroup? Training, CertificatesGroup? Certificates, IReadOnlyList<EntryMark> Marks);

    public static void MapKeepProfile(this IEndpointRouteBuilder app)
    {
        var profile = app.MapGroup("/api/profile").RequireAuthorization(TokenNames.Candidate).WithTags("application");
        profile.MapGet("", Get).WithName("get-profile").WithSummary("The six groups; null those never saved. Which entries are locked by which applications, and which a review has verified. The ETag is for all of the groups.");
        Map<BasicGroup>("basic", (groups, body) => groups with { Basic = body });
        Map<ContactGroup>("contact", (groups, body) => groups with { Contact = body });
        Map<WorkGroup>("work", (groups, body) => groups with { Work = body });
        Map<EducationGroup>("education", (groups, body) => groups with { Education = new([.. body.Entries.Select(e => Sourced(e, groups))]) });
        Map<TrainingGroup>("training", (groups, body) => groups with { Training = new([.. body.Entries.Select(e => e with { Id = e.Id ?? Guid.CreateVersion7() })]) });
        Map<CertificatesGroup>("certificates", (groups, body) => groups with { Certificates = new([.. body.Entries.Select(e => e with { Id = e.Id ?? Guid.CreateVersion7() })]) });

        void Map<TGroup>(string name, Func<ProfileGroups, TGroup, ProfileGroups> set) where TGroup : IProfileGroup
        {
            profile.MapPut("/" + name, (TGroup body, Me me, HttpContext http, ApplicationDb db, TimeProvider clock, CancellationToken ct) => Put(body, set, me, http, db, clock, ct))
                .WithName($"put-profile-{name}").WithSummary($"Saves the group '{name}' (If-Match: the profile's ETag; \"0\" before the first save).").Produces<ProfileGroups>();
            profile.MapPost($"/{name}/check", (TGroup body, TimeProvider clock) => Check(body, clock))
                .WithName($"check-profile-{name}").WithSummary($"What saving the group '{name}' would say of the input, without saving.");
        }
    }

    private static Results<NoContent, ProblemHttpResult> Check<TGroup>(TGroup body, TimeProvider clock) where TGroup : IProfileGroup =>
        body.Check(Application.Today(clock.GetUtcNow())) is { Any: true } faults ? faults.ToProblem() : TypedResults.NoContent();

    private static async Task<Ok<ProfileView>> Get(Me me, HttpResponse response, ApplicationDb db, CancellationToken ct)
    {
        var profile = await db.Profiles.AsNoTracking().SingleOrDefaultAsync(p => p.CandidateId == me.Id, ct);
        response.SetETag(profile?.Version ?? 0);
        var groups = profile?.Groups ?? ProfileGroups.Empty;
        return TypedResults.Ok(new ProfileView(groups.Basic, groups.Contact, groups.Work, groups.Education, groups.Training, groups.Certificates, EntryMarks.Of(groups, await db.SentVersions(me.Id, ct))));
    }

    private static async Task<IResult> Put<TGroup>(TGroup body, Func<ProfileGroups, TGroup, ProfileGroups> set, Me me, HttpContext http, ApplicationDb db, TimeProvider clock, CancellationToken ct) where TGroup : IProfileGroup
    {
        if (body.Check(Application.Today(clock.GetUtcNow())) is { Any: true } faults) return faults.ToProblem();
        var profile = await db.Profiles.SingleOrDefaultAsync(p => p.CandidateId == me.Id, ct);
        if (http.Request.CheckIfMatch(profile?.Version ?? 0) is { } conflict) return conflict;
        if (profile is null) db.Profiles.Add(profile = new() { CandidateId = me.Id });
        var groups = set(profile.Groups, body);
        if (EntryMarks.Touches(profile.Groups, groups) && EntryMarks.Broken(profile.Groups, groups, await db.SentVersions(me.Id, ct)) is { Count: > 0 } locked) return Locked(locked);
        (profile.Groups, profile.ChangedAt) = (groups, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        http.Response.SetETag(profile.Version);
        return TypedResults.Ok(profile.Groups);
    }

    /// <summary>Where an entry comes from is not the client's to say: what it leaves as it was keeps its source, anything else is typed by hand.</summary>
    private static EducationEntry Sourced(EducationEntry sent, ProfileGroups groups) =>
        groups.Education?.Entries.FirstOrDefault(e => e.Id == sent.Id && e.Content().Equals(sent.Content())) ?? (EducationEntry)sent.Content() with { Id = sent.Id ?? Guid.CreateVersion7() };

    private static ProblemHttpResult Locked(IReadOnlyList<EntryMark> entries) => Problems.Of(409, "entry-locked",
        "An application under way uses these entries: leave them as they are, or take that application back or give it up first.", new Dictionary<string, object?> { ["entries"] = entries });

    /// <summary>The person's groups, for other features.</summary>
    public static async Task<ProfileGroups> GroupsOf(this ApplicationDb db, Guid candidateId, CancellationToken ct) =>
        (await db.Profiles.AsNoTracking().SingleOrDefaultAsync(p => p.CandidateId == candidateId, ct))?.Groups ?? ProfileGroups.Empty;
}
