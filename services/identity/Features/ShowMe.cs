using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>Who the signed-in person is. Number and mobile are masked: a screen is seen by others too.</summary>
public static class ShowMe
{
    public sealed record Person(Guid Id, string Role, string? UserName, string? DisplayName, CandidateFacts? Candidate, Jurisdiction? Officer);

    public sealed record CandidateFacts(string Name, DocumentType DocumentType, string DocumentNumber, Sex Sex, DateOnly BirthDate, string Nationality, string Mobile, DateTimeOffset RegisteredAt, CheckSeen? IdentityCheck, IdentityType? IdentityType);

    /// <param name="State">Of the comparison with the national registry.</param>
    /// <param name="At">Since when.</param>
    public sealed record CheckSeen(IdentityCheckState State, IdentityCheckSource Source, DateTimeOffset At);

    public sealed record Jurisdiction(string Level, string AreaPath);

    public static void MapShowMe(this IEndpointRouteBuilder app) => app.MapGet("/api/identity/me", Show)
        .WithName("show-me").WithTags("identity").WithSummary("The signed-in person.");

    private static async Task<Results<Ok<Person>, ProblemHttpResult>> Show(Me me, IdentityDb db, PersonalData data, IOptions<IdentitySettings> settings, CancellationToken ct)
    {
        if (await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == me.Id, ct) is not { } account) return Problems.NotFound();
        var candidate = await db.Candidates.AsNoTracking().SingleOrDefaultAsync(c => c.Id == me.Id, ct);
        var officer = await db.Officers.AsNoTracking().SingleOrDefaultAsync(o => o.Id == me.Id, ct);
        return TypedResults.Ok(new Person(account.Id, account.RoleName, account.UserName, officer?.DisplayName,
            candidate is null ? null : Facts(candidate, await IdentityCheck.Of(db, me.Id).SingleOrDefaultAsync(ct), settings.Value, data), officer is null ? null : new(officer.LevelName, officer.AreaPath)));
    }

    private static CandidateFacts Facts(Candidate candidate, IdentityCheck? check, IdentitySettings settings, PersonalData data)
    {
        var identity = candidate.Identity(data);
        return new(identity.Name, identity.DocumentType, DocumentNumber.Masked(identity.DocumentNumber), identity.Sex, identity.BirthDate, identity.Nationality,
            Mobile.Masked(candidate.Mobile(data)), candidate.RegisteredAt, check is null ? null : new(check.State, check.Source, check.At), IdentityType.Of(candidate, settings));
    }
}
