using Microsoft.Extensions.Caching.Memory;

namespace ExamPlatform.Web.Gateways;

/// <summary>What programmes, sessions, stages and areas are called. Everybody may read it, so it is kept for a minute.</summary>
public sealed class ExamTitles(Gateway gateway, IMemoryCache cache)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    public async Task<KnownExams> All() => (await cache.GetOrCreateAsync(nameof(ExamTitles), async entry =>
    {
        entry.AbsoluteExpirationRelativeToNow = Kept;
        var offered = (await gateway.Get<IReadOnlyList<ProgrammeLine>>("/api/programmes")).Expect();
        return new KnownExams(await Task.WhenAll(offered.Select(Read)));
    }))!;

    /// <summary>Something was published or retired here: the next page says so.</summary>
    public void Forget() => cache.Remove(nameof(ExamTitles));

    private async Task<KnownExam> Read(ProgrammeLine line)
    {
        var (document, areas) = (gateway.Get<ProgrammeDocument>($"/api/programmes/{line.Code}"), gateway.Get<IReadOnlyList<SessionAreas>>($"/api/programmes/{line.Code}/areas"));
        return new(line, (await document).Expect(), (await areas).Expect());
    }
}

public sealed record KnownExam(ProgrammeLine Line, ProgrammeDocument Document, IReadOnlyList<SessionAreas> Sessions);

/// <summary>The exams on offer. What is no longer offered is called by its code.</summary>
public sealed record KnownExams(IReadOnlyList<KnownExam> Exams)
{
    public KnownExam? Find(string code) => Exams.FirstOrDefault(e => e.Line.Code == code);
    public string Programme(string code) => Find(code)?.Line.Title ?? code;
    public string Session(string programme, string code) => Find(programme)?.Line.Sessions.FirstOrDefault(s => s.Code == code)?.Title ?? code;
    public string Stage(string programme, string code) => StageOf(programme, code)?.Title ?? code;
    public string Reason(string programme, string stage, string code) => StageOf(programme, stage)?.Reasons.FirstOrDefault(r => r.Code == code)?.Officer ?? code;

    public string ReasonForCandidate(string programme, string stage, string code) => StageOf(programme, stage)?.Reasons.FirstOrDefault(r => r.Code == code)?.Candidate ?? code;

    private StageRule? StageOf(string programme, string code) => Find(programme)?.Document.Stages.FirstOrDefault(s => s.Code == code);

    /// <summary>The areas of the country, or the sites of an area, as paths of codes; none below a site.</summary>
    public IReadOnlyList<string> Below(string path)
    {
        var areas = Exams.SelectMany(e => e.Sessions).SelectMany(s => s.Areas);
        return [.. (path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            [] => areas.Select(a => $"{a.Area}/"),
            [var area] => areas.Where(a => a.Area == area).SelectMany(a => a.Sites).Select(s => $"{area}/{s.Site}/"),
            _ => [],
        }).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The place a path of area codes leads to.</summary>
    public string Area(string path)
    {
        var codes = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var area = Exams.SelectMany(e => e.Sessions).SelectMany(s => s.Areas).FirstOrDefault(a => a.Area == codes.FirstOrDefault());
        var site = area?.Sites.FirstOrDefault(s => s.Site == codes.ElementAtOrDefault(1));
        return area is null ? path.TrimEnd('/') : site is null || site.Title == area.Title ? area.Title : area.Title + site.Title;
    }
}
