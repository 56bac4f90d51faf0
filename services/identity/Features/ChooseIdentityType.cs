using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>A candidate says anew what they are registered as: it is their own word, no document holds it. Who was registered before it was asked, or at the counter, says it here first.</summary>
public static class ChooseIdentityType
{
    public sealed record Choice(string IdentityType);

    public static void MapChooseIdentityType(this IEndpointRouteBuilder app) => app.MapPut("/api/identity/me/identity-type", Choose)
        .RequireAuthorization(TokenNames.Candidate).WithName("choose-identity-type").WithTags("identity").WithSummary("Say what one is registered as (身份类型).")
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> Choose(Choice choice, Me me, IdentityDb db, IOptions<IdentitySettings> settings, CancellationToken ct)
    {
        var faults = new Faults();
        IdentityType.Check(choice.IdentityType, settings.Value, faults);
        if (faults.Any) return faults.ToProblem();
        return await db.Candidates.Where(c => c.Id == me.Id).ExecuteUpdateAsync(c => c.SetProperty(x => x.IdentityType, choice.IdentityType), ct) == 1 ? TypedResults.NoContent() : Problems.NotFound();
    }
}
