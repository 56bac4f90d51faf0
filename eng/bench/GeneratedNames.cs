using ExamPlatform.Applications;

namespace ExamPlatform.Bench;

/// <summary>Names that do not exist, put together from the beginnings, middles and ends of those in the start sets; one letter of the initials goes with each character.</summary>
internal sealed class GeneratedNames(IEnumerable<RegisterEntry> real)
{
    private readonly List<(string Name, string Initials)> parts = [.. real.Where(e => e.Key.Length == e.Initials.Length).Select(e => (e.Key, e.Initials))];
    private readonly Random random = new(1);

    public List<RegisterRow> Take(int count)
    {
        var made = new Dictionary<string, RegisterRow>(StringComparer.Ordinal);
        while (made.Count < count)
        {
            var (first, middle, last) = (Part(0), Part(2), Part(-1));
            var name = first.Name + middle.Name + last.Name;
            made.TryAdd(name, new($"G{made.Count}", name, first.Initials + middle.Initials + last.Initials));
        }
        return [.. made.Values];
    }

    /// <summary>What people would type to find one of the rows: initials of 2 to 5 letters, the first 2 to 6 characters, 1 to 4 characters from inside.</summary>
    public IReadOnlyList<(string Kind, List<string> Questions)> Questions(IReadOnlyList<RegisterRow> rows, int count) =>
    [
        ("initials", Each(rows, count, row => row.Initials[..random.Next(2, 6)])),
        ("beginnings", Each(rows, count, row => row.Name[..random.Next(2, 7)])),
        ("insides", Each(rows, count, row => row.Name.Substring(random.Next(1, row.Name.Length - 4), random.Next(1, 5)))),
    ];

    private List<string> Each(IReadOnlyList<RegisterRow> rows, int count, Func<RegisterRow, string> ask) => [.. Enumerable.Range(0, count).Select(_ => ask(rows[random.Next(rows.Count)]))];

    /// <summary>2 to 4 characters from the beginning, the middle or the end of a real name.</summary>
    private (string Name, string Initials) Part(int from)
    {
        var (name, initials) = parts[random.Next(parts.Count)];
        var length = Math.Min(random.Next(2, 5), name.Length);
        var start = from < 0 ? name.Length - length : Math.Min(from == 0 ? 0 : random.Next(from, name.Length), name.Length - length);
        return (name.Substring(start, length), initials.Substring(start, length));
    }
}
