namespace ExamPlatform.Applications;

// What a returned application may be changed in (F11): what the reasons name and what is not complete. What was right stays as it is.
public sealed partial class Application
{
    /// <summary>Sections by their code, <c>documents/{code}</c>, <c>photo</c>, <c>area</c>, <c>preferences</c>; null where everything is open: before the first submission, and where a reason is about the whole.</summary>
    public IReadOnlySet<string>? OpenItems(Filling filling)
    {
        if (Standing is not Standing.ReturnedForCorrection) return null;
        var reasons = filling.Programme.Stage(Returned!.Stage).Reasons;
        var named = Returned.Reasons.Select(code => reasons.FirstOrDefault(r => r.Code == code)?.Item ?? "").ToList();
        if (named.Any(item => item.Length == 0)) return null;
        var incomplete = filling.AllFaults().Select(fault => fault.Pointer.TrimStart('#', '/').Split('/')).Select(path => path[0] == "documents" ? $"documents/{path[1]}" : path[0]);
        return named.Select(item => item.Contains('/', StringComparison.Ordinal) ? item.Split('/')[0] : item is "photo" or "area" or "preferences" ? item : $"documents/{item}").Concat(incomplete).ToHashSet();
    }

    /// <summary>Fields of one section hang together, so a section is open as a whole.</summary>
    private static Refusal? Closed(IReadOnlySet<string>? open, params IEnumerable<string> changed) =>
        open is not null && changed.FirstOrDefault(item => !open.Contains(item)) is { } closed
            ? new("item-not-open", $"'{closed}' was not objected to and stays as it is; open are: {string.Join(", ", open.Order())}.") : null;
}
