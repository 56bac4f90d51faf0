using System.Text;

namespace ExamPlatform.Applications;

/// <summary>What candidates choose from instead of typing (C3).</summary>
public enum RegisterKind { Schools, Units }

/// <summary>
/// One line of a register, with what it is found by: the initials of its pinyin, the beginning of its name, and each one and two characters of the name in a row
/// (pieces), because neither a B-tree nor trigrams find 北京 inside a name.
/// </summary>
public sealed class RegisterEntry
{
    public const int LongestName = 100;

    public RegisterKind Kind { get; init; }
    public required string Code { get; init; }
    public required string Name { get; init; }
    public required string Initials { get; init; }

    /// <summary>The name as it is compared, see <see cref="Fold"/>.</summary>
    public required string Key { get; init; }
    public required string[] Pieces { get; init; }

    /// <summary>Characters of the key: of what is found, the shortest is nearest to what was typed.</summary>
    public int Length { get; init; }

    /// <summary>What two ways of typing one name share: no spaces, brackets or dots, half-width, upper case.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var half = rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - 0xFEE0) : rune;
            if (!Rune.IsWhiteSpace(half) && !Rune.IsPunctuation(half)) folded.Append(Rune.ToUpperInvariant(half).ToString());
        }
        return folded.ToString();
    }

    public static string[] PiecesOf(string key)
    {
        var characters = Characters(key);
        return [.. characters.Concat(Pairs(characters)).Distinct()];
    }

    /// <summary>The pieces that whatever holds the key must hold: the pairs alone, unless it is one character.</summary>
    public static string[] PiecesToFind(string key) => Characters(key) is { Length: > 1 } characters ? [.. Pairs(characters).Distinct()] : [key];

    public static int LengthOf(string key) => Characters(key).Length;

    // characters of the outer planes are two UTF-16 units
    private static string[] Characters(string key) => [.. key.EnumerateRunes().Select(rune => rune.ToString())];

    private static IEnumerable<string> Pairs(string[] characters) => characters.Zip(characters.Skip(1), string.Concat);
}
