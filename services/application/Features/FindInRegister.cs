using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Applications.Features;

/// <summary>Schools and work units by Chinese text or by the initials of their pinyin: <c>bjdx</c> → 北京大学 (C3).</summary>
public static class FindInRegister
{
    private const int LongestQuestion = 50, Most = 50;

    public static void MapFindInRegister(this IEndpointRouteBuilder app) => app.MapGet("/api/registers/{kind}", Handle)
        .RequireAuthorization(policy => policy.RequireRole(TokenNames.Candidate, TokenNames.Officer)).WithTags("application")
        .WithName("find-in-register").WithSummary("Finds in the register 'schools' or 'units' by Chinese text or pinyin initials, best first; take 1 to 50.").ProducesProblem(400);

    private static async Task<Results<Ok<List<RegisterLine>>, ProblemHttpResult>> Handle(string kind, string? q, ApplicationDb db, CancellationToken ct, int take = 20)
    {
        if (KindOf(kind) is not { } register) return Problems.NotFound();
        var key = RegisterEntry.Fold(q ?? "");
        var faults = new Faults().Add(take is < 1 or > Most, "take", "out-of-range", $"1 to {Most}.").Add(key.Length == 0, "q", "empty", "Write what to look for: characters of the name, or the initials of its pinyin.")
            .Add(q?.Length > LongestQuestion, "q", "too-long", $"At most {LongestQuestion} characters.").Add(q?.Any(char.IsControl) == true, "q", "control-character", "Control characters are not allowed.");
        return faults.Any ? faults.ToProblem() : TypedResults.Ok(await db.Search(register, key, take, ct));
    }

    public static RegisterKind? KindOf(string kind) => kind switch { "schools" => RegisterKind.Schools, "units" => RegisterKind.Units, _ => null };
}
