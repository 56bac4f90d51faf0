using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications;

/// <summary>Where a publication would leave applications without something they are in.</summary>
/// <param name="Why">session-dropped, area-dropped, base-dropped, plan-dropped, quota-too-low, or retired.</param>
/// <param name="Applications">How many; with quota-too-low, how many too many.</param>
public sealed record Stranded(string Why, string Session, string? Area, string? Batch, string? Base, string? Speciality, int Applications);

/// <summary>Whom a new version, or a retirement, would strand: applications that are alive and in something it drops.</summary>
internal static class Strandings
{
    public static async Task<IReadOnlyList<Stranded>> By(ExamProgramme next, ExamProgramme newest, ApplicationDb db, DateTimeOffset now, CancellationToken ct)
    {
        // locked first: from here on no place is taken or given back until the publication has ended
        var places = await db.PlanPlaces.FromSql($"select * from plan_places where programme_code = {next.Code} order by session_code, batch, base, speciality for update").AsNoTracking().ToListAsync(ct);
        var outages = await db.Outages.AsNoTracking().OrderBy(o => o.Id).ToListAsync(ct);
        var (then, today) = (next.ExtendedBy(outages, next.Outages), newest.ExtendedBy(outages, newest.Outages));
        var dropped = (await Alive(newest.Code, session => then.Session(session) ?? today.Session(session), db, now, ct)).Select(g => Lost(g, next)).OfType<Stranded>();
        var tooMany = places.Select(p => (Places: p, Plan: Plan(next, p.SessionCode, new(p.Batch, p.Base, p.Speciality)))).Where(p => p.Plan?.Quota < p.Places.Taken)
            .Select(p => new Stranded("quota-too-low", p.Places.SessionCode, null, p.Places.Batch, p.Places.Base, p.Places.Speciality, p.Places.Taken - p.Plan!.Quota));
        return [.. Summed(dropped), .. tooMany];
    }

    public static async Task<IReadOnlyList<Stranded>> ByRetiring(ExamProgramme newest, ApplicationDb db, DateTimeOffset now, CancellationToken ct)
    {
        var today = newest.ExtendedBy(await db.Outages.AsNoTracking().OrderBy(o => o.Id).ToListAsync(ct), newest.Outages);
        return Summed((await Alive(newest.Code, today.Session, db, now, ct)).Select(g => new Stranded("retired", g.Session, null, null, null, null, g.Applications)));
    }

    public static Refusal Refusal(IReadOnlyList<Stranded> stranded) =>
        new("would-strand", $"{stranded.Sum(s => s.Applications)} applications are alive in what this drops; keep it, or wait until they are decided.");

    private sealed record Group(string Session, string? Area, Place? Place, bool Settled, int Applications);

    /// <summary>The applications that are not over, by where they are. Once a session's last window has closed, those registered in it and those never sent in have nothing more to come.</summary>
    private static async Task<IEnumerable<Group>> Alive(string code, Func<string, ExamSession?> sessionOf, ApplicationDb db, DateTimeOffset now, CancellationToken ct)
    {
        var groups = await db.Applications.Live().Where(a => a.ProgrammeCode == code)
            .GroupBy(a => new { a.SessionCode, a.AreaCode, a.Place, Settled = a.Standing == Standing.Registered || (a.Standing == Standing.Draft && a.Submitted == 0) })
            .Select(g => new Group(g.Key.SessionCode, g.Key.AreaCode, g.Key.Place, g.Key.Settled, g.Count())).ToListAsync(ct);
        return groups.Where(g => !g.Settled || sessionOf(g.Session)?.IsOver(now) != true);
    }

    private static Stranded? Lost(Group group, ExamProgramme next)
    {
        var (session, place) = (next.Session(group.Session), group.Place);
        return session is null ? new("session-dropped", group.Session, null, null, null, null, group.Applications)
            : group.Area is not null && session.Areas.All(a => a.Area != group.Area) ? new("area-dropped", group.Session, group.Area, null, null, null, group.Applications)
            : place is null ? null
            : session.Base(place.Base) is null ? new("base-dropped", group.Session, null, null, place.Base, null, group.Applications)
            : Plan(next, group.Session, place) is null ? new("plan-dropped", group.Session, null, place.Batch, place.Base, place.Speciality, group.Applications) : null;
    }

    private static RecruitingPlan? Plan(ExamProgramme programme, string session, Place place) =>
        programme.Session(session)?.Plans?.FirstOrDefault(p => p.Batch == place.Batch && p.Base == place.Base && p.Speciality == place.Speciality);

    private static List<Stranded> Summed(IEnumerable<Stranded> stranded) =>
        [.. stranded.GroupBy(s => s with { Applications = 0 }).Select(g => g.Key with { Applications = g.Sum(s => s.Applications) }).OrderBy(s => s.Session, StringComparer.Ordinal).ThenByDescending(s => s.Applications)];
}
