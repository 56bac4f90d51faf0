using System.Text.RegularExpressions;

namespace ExamPlatform.Identities;

/// <summary>The levels of the exam administration, in their order: each appoints the one below it.</summary>
public enum OfficerLevel
{
    National,

    /// <summary>考区, a province.</summary>
    Area,

    /// <summary>考点, a city.</summary>
    Site,

    /// <summary>报名点.</summary>
    Point,
}

/// <summary>An officer's place in the administration. The account of the same id signs in.</summary>
public sealed partial class Officer
{
    public Guid Id { get; init; }
    public required string DisplayName { get; init; }
    public OfficerLevel Level { get; init; }

    /// <summary>Jurisdiction: area codes from the province down, each ended by a slash; empty for the whole country.</summary>
    public required string AreaPath { get; init; }

    /// <summary>Null for the ready-made people.</summary>
    public Guid? AppointedBy { get; init; }

    public DateTimeOffset AppointedAt { get; init; }

    public DateTimeOffset? DismissedAt { get; private set; }

    public static Refusal Gone { get; } = new("officer-dismissed", "This officer was dismissed; appoint a new one.");

    public Refusal? Dismiss(DateTimeOffset now)
    {
        if (DismissedAt is not null) return Gone;
        DismissedAt = now;
        return null;
    }

    /// <summary>The level as the access token names it.</summary>
    public string LevelName => LevelNameOf(Level);

    public static string LevelNameOf(OfficerLevel level) => level.ToString().ToLowerInvariant();

    /// <summary>Whether a path is a jurisdiction of that level: as many codes as the level is deep, all within one province.</summary>
    public static bool Fits(OfficerLevel level, string areaPath)
    {
        ArgumentNullException.ThrowIfNull(areaPath);
        var codes = areaPath.Split('/');
        return codes.Length - 1 == (int)level && codes[^1].Length == 0 && codes[..^1].Take(2).All(code => AreaCode().IsMatch(code) && code[..2] == codes[0][..2])
            && (level != OfficerLevel.Point || PointCode().IsMatch(codes[2])) && (level == OfficerLevel.National || codes[0].EndsWith("0000", StringComparison.Ordinal));
    }

    /// <summary>Operators put the national officers in place; from there on each level appoints the next one within its own jurisdiction.</summary>
    public static Refusal? CheckAppointment(Me appointer, OfficerLevel level, string areaPath)
    {
        ArgumentNullException.ThrowIfNull(appointer);
        var mayAppoint = level == OfficerLevel.National ? appointer.Role == TokenNames.Operator : appointer.Role == TokenNames.Officer && appointer.Level == LevelNameOf(level - 1);
        if (!mayAppoint) return new("wrong-level", $"Officers of level {LevelNameOf(level)} are appointed by {(level == OfficerLevel.National ? "an operator" : $"officers of level {LevelNameOf(level - 1)}")}.");
        return level == OfficerLevel.National || appointer.Covers(areaPath) ? null : new("outside-jurisdiction", "You appoint officers only within your own jurisdiction.");
    }

    /// <summary>The cities keep the counters (现场报名: 市级残联); their province may stand in.</summary>
    public static Refusal? CheckCounter(Me officer)
    {
        ArgumentNullException.ThrowIfNull(officer);
        var may = officer.Role == TokenNames.Officer && (officer.Level == LevelNameOf(OfficerLevel.Site) || officer.Level == LevelNameOf(OfficerLevel.Area));
        return may ? null : new("wrong-level", "People are registered at the counter by officers of level site or area.");
    }

    /// <summary>A registration point or training base; its code is the programme's.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,40}\z")]
    private static partial Regex PointCode();

    [GeneratedRegex(@"^[0-9]{6,12}\z")]
    private static partial Regex AreaCode();
}
