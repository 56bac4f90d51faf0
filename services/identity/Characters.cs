using System.Collections.Frozen;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace ExamPlatform.Identities;

/// <summary>A Chinese character and how it is found.</summary>
/// <param name="Radical">部首, 1 to 214 as in the Kangxi dictionary; its simplified form counts as the same.</param>
/// <param name="Rest">Strokes besides the radical; negative in a handful of oddities.</param>
/// <param name="Strokes">All strokes of it.</param>
/// <param name="Readings">Pinyin with tone marks, the usual one first; empty where none is known.</param>
/// <param name="ReadAs">The variant whose readings these are, where the character has none of its own; else null.</param>
public sealed record Hanzi(Rune Character, int Radical, int Rest, int Strokes, string[] Readings, string? ReadAs);

/// <param name="Character">As a character of its own; after it the simplified forms.</param>
public sealed record Radical(int Number, string Character, int Strokes, string Reading);

/// <summary>
/// All Chinese characters of Unicode 15 with radical, strokes and Mandarin readings (Unihan, made by <c>eng/characters.sh</c>), by the number of strokes and then by code point. Read once; what is asked is answered
/// out of memory.
/// </summary>
public sealed class Characters
{
    private static readonly Lazy<Characters> Read = new(() => new());

    /// <summary>Vowels with their tone marks; those that Unicode has only as a vowel and a mark are met mark by mark.</summary>
    private const string Toned = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ", Plain = "aeiouü", Marks = "\u0304\u0301\u030C\u0300";

    private readonly FrozenDictionary<int, int> places;
    private readonly int[][] byRadical;
    private readonly FrozenDictionary<string, int[]> byReading;
    private readonly FrozenDictionary<string, int> signs;

    public static Characters Table => Read.Value;

    public IReadOnlyList<Hanzi> All { get; }
    public IReadOnlyList<Radical> Radicals { get; }

    private Characters()
    {
        var rows = Rows("characters.tsv.gz").ToList();
        var written = rows.ToDictionary(row => row[0], row => row[3], StringComparer.Ordinal);
        All = [.. rows.Select(row => Of(row, written))];
        places = All.Select((hanzi, place) => KeyValuePair.Create(hanzi.Character.Value, place)).ToFrozenDictionary();
        byRadical = new int[215][];
        foreach (var group in Enumerable.Range(0, All.Count).GroupBy(place => All[place].Radical)) byRadical[group.Key] = [.. group];
        byReading = All.SelectMany((hanzi, place) => hanzi.Readings.Select(Key).SelectMany(key => new[] { key, key.TrimEnd('1', '2', '3', '4') }).Distinct().Select(key => (key, place)))
            .GroupBy(said => said.key, said => said.place).ToFrozenDictionary(group => group.Key, group => group.ToArray());
        var radicals = Rows("radicals.tsv").Select(row => (Number: NumberOf(row[0]), Character: Text(row[1]), Sign: Text(row[2]), Strokes: Int(row[3]), Reading: row[4])).ToList();
        Radicals = [.. radicals.GroupBy(r => r.Number).Select(g => new Radical(g.Key, string.Concat(g.Select(r => r.Character)), g.First().Strokes, g.First().Reading))];
        signs = radicals.SelectMany(r => new[] { r.Character, r.Sign, r.Number.ToString(CultureInfo.InvariantCulture) }.Select(sign => (sign, r.Number))).DistinctBy(s => s.sign).ToFrozenDictionary(s => s.sign, s => s.Number);
    }

    /// <summary>A radical by its number or by itself, as a character or as a sign; null when it is none.</summary>
    public int? FindRadical(string typed) => signs.TryGetValue(typed, out var number) ? number : null;

    /// <summary>Those that fit everything that is given, in the table's order.</summary>
    /// <param name="reading">Pinyin: <c>ji</c>, <c>ji2</c> or <c>jí</c>; <c>v</c> and <c>u:</c> for ü.</param>
    /// <param name="after">The last one of the page before.</param>
    /// <returns>How many there are, and the page.</returns>
    public (int Total, IReadOnlyList<Hanzi> Page) Find(int? radical, int? strokes, int? rest, string? reading, Rune? after, int size)
    {
        IEnumerable<int> found = reading is not null ? byReading.GetValueOrDefault(Key(reading)) ?? [] : radical is { } asked ? byRadical[asked] ?? [] : Enumerable.Range(0, All.Count);
        var fitting = found.Where(place => All[place] is var hanzi && (radical is null || hanzi.Radical == radical) && (strokes is null || hanzi.Strokes == strokes) && (rest is null || hanzi.Rest == rest)).ToList();
        var from = after is { } last && places.TryGetValue(last.Value, out var seen) ? seen : -1;
        return (fitting.Count, [.. fitting.SkipWhile(place => place <= from).Take(size).Select(place => All[place])]);
    }

    /// <summary>Pinyin in one spelling: small letters, ü for v and u:, and the tone as a digit behind it.</summary>
    internal static string Key(string reading)
    {
        var (key, tone) = (new StringBuilder(), 0);
        foreach (var c in reading.Trim().ToLowerInvariant().Replace("u:", "ü", StringComparison.Ordinal))
        {
            if (Toned.IndexOf(c, StringComparison.Ordinal) is >= 0 and var toned) (tone, _) = (toned % 4 + 1, key.Append(Plain[toned / 4]));
            else if (Marks.IndexOf(c, StringComparison.Ordinal) is >= 0 and var mark) tone = mark + 1;
            else if (c is >= '1' and <= '5') tone = c - '0';
            else key.Append(c switch { 'v' => 'ü', 'ê' or 'ế' or 'ề' => 'e', 'ḿ' => 'm', 'ń' or 'ň' or 'ǹ' => 'n', _ => c });
            if (c is 'ế' or 'ḿ' or 'ń') tone = 2;
            if (c is 'ň') tone = 3;
            if (c is 'ề' or 'ǹ') tone = 4;
        }
        return tone is 0 or 5 ? key.ToString() : key.Append(tone).ToString();
    }

    private static Hanzi Of(string[] row, Dictionary<string, string> written)
    {
        var (at, borrowed) = (row[1].IndexOf('.', StringComparison.Ordinal), row[3].StartsWith('~'));
        var readings = borrowed ? written[row[3][1..]] : row[3];
        return new(new(int.Parse(row[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)), NumberOf(row[1][..at]), Int(row[1][(at + 1)..]), Int(row[2]),
            readings.Length == 0 ? [] : readings.Split(' '), borrowed ? Text(row[3][1..]) : null);
    }

    private static IEnumerable<string[]> Rows(string name)
    {
        using var stream = typeof(Characters).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (reader.ReadLine() is { } line) yield return line.Split('\t');
    }

    private static int NumberOf(string radical) => Int(radical.TrimEnd('\''));
    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    private static string Text(string hex) => new Rune(int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString();
}
