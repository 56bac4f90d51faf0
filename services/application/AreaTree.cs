using System.Collections.Frozen;

namespace ExamPlatform.Applications;

/// <summary>Provinces (考区) and their cities (考点): codes and names of GB/T 2260, facts kept in <c>areas.csv</c>.</summary>
public static class AreaTree
{
    public sealed record Area(string Code, string Name, string Parent);

    private static readonly FrozenDictionary<string, Area> All = Read().ToFrozenDictionary(area => area.Code);
    private static readonly ILookup<string, Area> ByParent = All.Values.OrderBy(area => area.Code).ToLookup(area => area.Parent);

    public static Area? Find(string code) => All.GetValueOrDefault(code);
    public static bool IsProvince(string code) => Find(code) is { Parent: "" };
    public static IEnumerable<Area> SitesOf(string area) => ByParent[area];
    public static bool IsSiteOf(string site, string area) => area.Length > 0 && Find(site)?.Parent == area;

    /// <summary>An area and a site in words; the site is left out where it has the area's name.</summary>
    public static string Title(string area, string site)
    {
        var (province, city) = (Find(area)?.Name ?? area, Find(site)?.Name ?? site);
        return province == city ? province : province + city;
    }

    private static IEnumerable<Area> Read()
    {
        using var reader = new StreamReader(typeof(AreaTree).Assembly.GetManifestResourceStream("areas.csv")!);
        reader.ReadLine(); // the heading
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var cells = line.Split(',');
            yield return new(cells[0], cells[1], cells[2]);
        }
    }
}
