using System.Globalization;
using System.Text.RegularExpressions;

namespace ExamPlatform.Applications.Tests;

/// <summary>docs/security.md counts its rows and names tests of all projects: the counts are right, and the tests are there.</summary>
public sealed partial class SecurityTests
{
    private static readonly string[] Answers = ["test", "code", "n/a", "missing"];
    private static readonly string Text = File.ReadAllText(Path.Combine(Root(), "docs", "security.md"));

    [Fact]
    public void The_table_at_the_top_counts_the_rows_below()
    {
        var rows = Rows().Matches(Text).Select(m => (Chapter: $"V{m.Groups[1].Value}", Answer: m.Groups[2].Value)).ToList();
        foreach (var count in Counts().Matches(Text).AsEnumerable())
        {
            var of = rows.Where(row => count.Groups[1].Value == "all" || row.Chapter == count.Groups[1].Value).ToList();

            Assert.Equal([.. Answers.Select(answer => of.Count(row => row.Answer == answer)), of.Count], count.Groups[2].Value.Split('|').Select(number => int.Parse(number, CultureInfo.InvariantCulture)));
        }
        Assert.Equal(rows.Select(row => row.Chapter).Distinct().Append("all"), Counts().Matches(Text).Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void Every_test_that_it_names_exists()
    {
        var named = Names().Matches(Text).Select(m => (Project: m.Groups[1].Value, Class: m.Groups[2].Value, Method: m.Groups[3].Value)).Where(n => n.Class != "XTests").Distinct().ToList(); // XTests: how to read it

        Assert.NotEmpty(named);
        Assert.All(named, n => Assert.Contains(Directory.GetFiles(Path.Combine(Root(), "tests", n.Project), "*.cs"), file => File.ReadAllText(file) is var code
            && code.Contains($"class {n.Class}", StringComparison.Ordinal) && code.Contains($" {n.Method}(", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"^\| (\d+)\.\d+\.\d+ L[12] \|[^|]*\| (test|code|n/a|missing)\b", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"^\| (V\d+|all) \| ([\d |]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Counts();

    [GeneratedRegex("`([A-Za-z]+(?:\\.Tests)?)/([A-Za-z]+Tests)\\.([A-Za-z0-9_]+)`")]
    private static partial Regex Names();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder!.FullName, "docs", "adr"))) folder = folder.Parent;
        return folder.FullName;
    }
}
