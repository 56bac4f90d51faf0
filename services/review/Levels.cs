namespace ExamPlatform.Reviews;

/// <summary>The levels of the exam administration, from the top down. A jurisdiction names one area code per level below the first.</summary>
public static class Levels
{
    public const string Site = "site";
    private static readonly string[] FromTheTop = ["national", "area", Site, "point"];

    public static IReadOnlyList<string> Below(string level) => FromTheTop[(Depth(level) + 1)..];

    public static bool IsAtOrAbove(string level, string other) => Depth(level) <= Depth(other);

    /// <summary>Whether some officer of the level can have the place in the jurisdiction: a point's work at a path that names no point is nobody's.</summary>
    public static bool HasOfficersFor(string level, string areaPath) => FromTheTop.Contains(level) && areaPath.Count(c => c == '/') >= Depth(level);

    private static int Depth(string level) => Array.IndexOf(FromTheTop, level) is var depth and >= 0 ? depth : throw new ArgumentException($"There is no level '{level}'.", nameof(level));
}
