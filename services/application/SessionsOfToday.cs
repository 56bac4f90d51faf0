namespace ExamPlatform.Applications;

/// <summary>
/// The rules of one version in the sessions as they are today. What is asked, who decides and what it costs stays as it was when the application was started; windows, areas, bases,
/// batches and plans are the newest version's (docs/adr/0013).
/// </summary>
public static class SessionsOfToday
{
    /// <param name="leftAlone">An area that the newest version has no more, but an application is in.</param>
    public static ExamProgramme WithSessionsOf(this ExamProgramme programme, ExamProgramme newest, string? leftAlone) =>
        programme with { Sessions = [.. programme.Sessions.Select(then => newest.Session(then.Code) is { } now ? Today(programme, then, now, leftAlone) : then)] };

    private static ExamSession Today(ExamProgramme programme, ExamSession then, ExamSession now, string? leftAlone)
    {
        List<ExamArea> areas = [.. now.Areas.Select(a => Area(a, then, now)).Where(a => programme.AreaPolicies.Any(p => p.Code == a.Policy)), .. then.Areas.Where(a => a.Area == leftAlone)];
        List<TrainingBase> bases = [.. (now.Bases ?? []).Where(b => areas.Any(a => a.Area == b.Area))];
        return now with
        {
            Windows = [.. now.Windows, .. then.Windows.Where(w => !Has(now.Windows, w))], // rules of the older version may ask for a window that the newest needs no more
            Areas = areas,
            Bases = [.. bases, .. (then.Bases ?? []).Where(b => now.Base(b.Code) is null)], // they still have a name
            Batches = now.Batches ?? [],
            Plans = [.. (now.Plans ?? []).Where(p => bases.Any(b => b.Code == p.Base))],
        };
    }

    /// <summary>An area keeps the policy it had; one that has joined since is there if its policy is one that the older version knows.</summary>
    private static ExamArea Area(ExamArea area, ExamSession then, ExamSession now) => then.Areas.FirstOrDefault(a => a.Area == area.Area) is not { } before ? area
        : area with { Policy = before.Policy, Windows = [.. area.Windows, .. before.Windows.Where(w => !Has(area.Windows, w) && !Has(now.Windows, w))] };

    private static bool Has(IReadOnlyList<Window> windows, Window window) => windows.Any(w => w.Kind == window.Kind);
}
