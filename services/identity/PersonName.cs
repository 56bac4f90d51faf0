using System.Globalization;
using System.Text;

namespace ExamPlatform.Identities;

/// <summary>
/// A name is kept as it was typed, in any Unicode plane and without normalisation (NFC would replace compatibility ideographs, U+F900 by U+8C48);
/// only the middle dot of minority names, of which keyboards know six, becomes one.
/// </summary>
public static class PersonName
{
    public const char MiddleDot = '\u00B7';
    private const string OtherDots = "\u2022\u2027\u30FB\uFF65\u0387";
    private const int LongestInCharacters = 50, LongestInUnits = 200;

    public static string Tidy(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return string.Create(typed.Length, typed, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = OtherDots.Contains(from[i], StringComparison.Ordinal) ? MiddleDot : from[i];
        }).Trim();
    }

    /// <summary>What two spellings of one name share: for finding and comparing, never for keeping.</summary>
    public static string Key(string name) => string.Concat(Tidy(name).Where(c => c is not (MiddleDot or ' '))).ToUpperInvariant();

    /// <summary>For a public notice: the first character and a star for each other one, in characters that people see. Of a name of one character nothing is shown.</summary>
    public static string Masked(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var characters = new List<string>();
        for (var all = StringInfo.GetTextElementEnumerator(name); all.MoveNext();) characters.Add(all.GetTextElement());
        return string.Concat(characters.Select((c, n) => c is " " or "\u00B7" || (n == 0 && characters.Count > 1) ? c : "*"));
    }

    public static void Check(string name, string field, Faults faults)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(faults);
        var tooLong = name.Length > LongestInUnits || new StringInfo(name).LengthInTextElements > LongestInCharacters;
        faults.Add(name.Length == 0, field, "required", "Enter the name as on the document.");
        faults.Add(tooLong, field, "name-length", $"A name takes at most {LongestInCharacters} characters.");
        var odd = tooLong ? [] : name.EnumerateRunes().Where(rune => !Belongs(rune)).Select(rune => $"U+{rune.Value:X4}").Distinct().ToList();
        faults.Add(odd.Count > 0, field, "name-character", $"{string.Join(", ", odd)}: no character of a name; where a character cannot be typed, write it in pinyin.");
    }

    /// <summary>Characters newer than this runtime's Unicode tables count as letters when they lie in the ideographic planes.</summary>
    private static bool Belongs(Rune rune) => rune.Value is ' ' or MiddleDot or '-' or '\'' or '\u2019' or '.' or ',' || Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber => true,
        UnicodeCategory.OtherNotAssigned => rune.Plane is 2 or 3,
        _ => false,
    };
}
