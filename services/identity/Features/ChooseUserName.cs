using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Identities.Features;

/// <summary>A candidate takes a user name of their own, beside the document number; upper and lower case are one. The last choice counts.</summary>
public static class ChooseUserName
{
    public sealed record Choice(string UserName);

    public static void MapChooseUserName(this IEndpointRouteBuilder app) => app.MapPut("/api/identity/me/user-name", Choose)
        .RequireAuthorization(TokenNames.Candidate).WithName("choose-user-name").WithTags("identity").WithSummary("Take a user name to sign in with.")
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(409);

    private static async Task<IResult> Choose(Choice choice, Me me, IdentityDb db, CancellationToken ct)
    {
        var (name, faults) = (UserName.Tidy(choice.UserName), new Faults());
        faults.Add(name.Length == 0, "userName", "required", "Enter the user name.");
        if (name.Length > 0) UserName.Check(name, "userName", faults);
        if (faults.Any) return faults.ToProblem();
        try
        {
            return await db.Accounts.Where(a => a.Id == me.Id).ExecuteUpdateAsync(a => a.SetProperty(x => x.UserName, name), ct) == 1 ? TypedResults.NoContent() : Problems.NotFound();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return UserName.Taken();
        }
    }
}
