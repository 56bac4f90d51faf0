using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>The display that a person has chosen follows them to every browser and client they sign in with. The last choice counts.</summary>
public static class KeepDisplay
{
    /// <param name="Theme">auto, light, dark or contrast.</param>
    /// <param name="Text">100, 125, 150 or 200 percent.</param>
    /// <param name="Shortcuts">Whether single keys are short cuts.</param>
    public sealed record Display(string Theme, int Text, bool Shortcuts)
    {
        public Faults Check() => new Faults()
            .Add(!DisplayChoice.Themes.Contains(Theme), "theme", "not-a-choice", $"One of: {string.Join(", ", DisplayChoice.Themes)}.")
            .Add(!DisplayChoice.Texts.Contains(Text), "text", "not-a-choice", $"One of: {string.Join(", ", DisplayChoice.Texts)}.");
    }

    public static void MapKeepDisplay(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/identity/me/display", Show).WithName("show-display").WithTags("identity").WithSummary("How the signed-in person wants pages to look; 204 while they have chosen nothing.");
        app.MapPut("/api/identity/me/display", Keep).WithName("keep-display").WithTags("identity").WithSummary("Keep how the signed-in person wants pages to look.");
    }

    private static async Task<Results<Ok<Display>, NoContent>> Show(Me me, IdentityDb db, CancellationToken ct) =>
        await db.DisplayChoices.AsNoTracking().SingleOrDefaultAsync(d => d.AccountId == me.Id, ct) is { } kept ? TypedResults.Ok(new Display(kept.Theme, kept.Text, kept.Shortcuts)) : TypedResults.NoContent();

    private static async Task<Results<NoContent, ProblemHttpResult>> Keep(Display display, Me me, IdentityDb db, CancellationToken ct)
    {
        if (display.Check() is { Any: true } faults) return faults.ToProblem();
        if (!await db.Accounts.AnyAsync(a => a.Id == me.Id, ct)) return Problems.NotFound();
        // in one statement, so that a double click is no conflict
        await db.Database.ExecuteSqlAsync($"""
            insert into display_choices (account_id, theme, text, shortcuts) values ({me.Id}, {display.Theme}, {display.Text}, {display.Shortcuts})
            on conflict (account_id) do update set theme = excluded.theme, text = excluded.text, shortcuts = excluded.shortcuts
            """, ct);
        return TypedResults.NoContent();
    }
}
