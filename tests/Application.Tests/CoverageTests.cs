using System.Text.RegularExpressions;

namespace ExamPlatform.Applications.Tests;

/// <summary>docs/coverage.md names tests; they are there.</summary>
public sealed partial class CoverageTests
{
    [Fact]
    public void Every_test_that_the_coverage_names_exists()
    {
        var tests = typeof(CoverageTests).Assembly.GetTypes().Where(t => t.Name.EndsWith("Tests", StringComparison.Ordinal)).ToDictionary(t => t.Name, t => t.GetMethods().Select(m => m.Name).ToHashSet());
        var named = Names().Matches(File.ReadAllText(Path.Combine(Folder(), "docs", "coverage.md"))).Select(m => (Class: m.Groups[1].Value, Method: m.Groups[2].Value)).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, n => Assert.True(tests.TryGetValue(n.Class, out var methods) && (n.Method.Length == 0 || methods.Contains(n.Method)), $"{n.Class}.{n.Method}"));
    }

    [GeneratedRegex("`([A-Za-z]+Tests)(?:\\.([A-Za-z0-9_]+))?`")]
    private static partial Regex Names();

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder!.FullName, "docs", "adr"))) folder = folder.Parent;
        return folder.FullName;
    }
}
