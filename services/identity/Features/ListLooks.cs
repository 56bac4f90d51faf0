using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>Which officers found the person by their document at the counter (J5).</summary>
public static class ListLooks
{
    private const int PageSize = 50;

    public sealed record LookAtPerson(DateTimeOffset At, Guid OfficerId, string Level, string AreaPath);

    public static void MapListLooks(this IEndpointRouteBuilder app) => app.MapGet("/api/identity/me/looks", List).RequireAuthorization(policy => policy.RequireRole(TokenNames.Candidate))
        .WithName("list-person-looks").WithTags("identity").WithSummary("Officers who found the candidate by their document at a counter before a moment, newest first, at most 50.");

    private static async Task<Ok<List<LookAtPerson>>> List(Me me, IdentityDb db, CancellationToken ct, DateTimeOffset? before = null)
    {
        var until = (before ?? DateTimeOffset.MaxValue).ToUniversalTime();
        var looks = await (from look in db.PersonLooks
                           join known in db.Officers on look.OfficerId equals known.Id into found
                           from officer in found.DefaultIfEmpty()
                           where look.CandidateId == me.Id && look.At < until
                           orderby look.At descending
                           select new { look.At, look.OfficerId, Officer = officer }).AsNoTracking().Take(PageSize).ToListAsync(ct);
        return TypedResults.Ok(looks.ConvertAll(look => new LookAtPerson(look.At, look.OfficerId, look.Officer?.LevelName ?? "", look.Officer?.AreaPath ?? "")));
    }
}
