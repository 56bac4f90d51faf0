using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Identities.Features;

/// <summary>Finds a character that cannot be typed (生僻字, B2) by its radical, its strokes or its reading.</summary>
public static class FindCharacters
{
    private const int MostStrokes = 100, LongestReading = 12, PageSize = 60;

    /// <param name="Next">Give it as <c>after</c> for the next page; null on the last one.</param>
    public sealed record Found(int Total, IReadOnlyList<CharacterView> Characters, string? Next);

    /// <param name="Code">U+ and the code point.</param>
    /// <param name="ReadAs">The variant whose readings these are, where the character has none of its own.</param>
    public sealed record CharacterView(string Character, string Code, int Radical, string RadicalCharacter, int Strokes, int Rest, IReadOnlyList<string> Readings, string? ReadAs);

    public static void MapFindCharacters(this IEndpointRouteBuilder app)
    {
        _ = Task.Run(() => Characters.Table.All.Count); // the first who asks should not wait for it to be read
        app.MapGet("/api/characters", Find).AllowAnonymous().WithTags("identity").WithName("find-characters")
            .WithSummary("Chinese characters by radical (number or character), strokes (all), rest (strokes besides the radical) and reading (pinyin, with or without tone); at least one of them.").ProducesProblem(400);
        app.MapGet("/api/characters/radicals", Radicals).AllowAnonymous().WithTags("identity").WithName("list-radicals").WithSummary("The 214 radicals, by number.");
    }

    private static Results<Ok<Found>, ProblemHttpResult> Find(HttpResponse response, string? radical = null, int? strokes = null, int? rest = null, string? reading = null, string? after = null)
    {
        var (table, faults) = (Characters.Table, new Faults());
        (radical, reading, after) = (Given(radical), Given(reading), Given(after));
        var number = radical is null ? null : table.FindRadical(radical);
        var last = Last(after);
        faults.Add(radical is not null && number is null, "radical", "no-such-radical", "A radical is a number from 1 to 214, or the radical itself.")
            .Add(strokes is < 1 or > MostStrokes, "strokes", "out-of-range", $"Between 1 and {MostStrokes}.").Add(rest is < -5 or > MostStrokes, "rest", "out-of-range", $"Between 0 and {MostStrokes}.")
            .Add(reading?.Length > LongestReading || reading?.All(IsOfPinyin) == false, "reading", "not-pinyin", "Pinyin of one character, such as ji, ji2 or jí.")
            .Add(after is not null && last is null, "after", "not-a-character", "Give what the page before said as next.")
            .Add(radical is null && strokes is null && rest is null && reading is null, "reading", "nothing-asked", "Give a radical, a number of strokes or a reading.");
        if (faults.Any) return faults.ToProblem();
        var (total, page) = table.Find(number, strokes, rest, reading, last, PageSize + 1);
        response.Headers.CacheControl = "public, max-age=86400"; // it changes with the platform only
        return TypedResults.Ok(new Found(total, [.. page.Take(PageSize).Select(hanzi => View(hanzi, table))], page.Count > PageSize ? Code(page[PageSize - 1].Character) : null));
    }

    private static Ok<IReadOnlyList<Radical>> Radicals(HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=86400";
        return TypedResults.Ok(Characters.Table.Radicals);
    }

    private static CharacterView View(Hanzi hanzi, Characters table) =>
        new(hanzi.Character.ToString(), Code(hanzi.Character), hanzi.Radical, table.Radicals[hanzi.Radical - 1].Character, hanzi.Strokes, hanzi.Rest, hanzi.Readings, hanzi.ReadAs);

    private static string Code(Rune character) => $"U+{character.Value:X4}";
    private static string? Given(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
    private static bool IsOfPinyin(char c) => char.IsLetter(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark || c is ':' or >= '1' and <= '5';

    private static Rune? Last(string? after) =>
        after is ['U' or 'u', '+', .. { Length: 4 or 5 } hex] && int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value) ? new Rune(value) : null;
}
