using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications;

/// <summary>Places in the recruiting plans: taken, given back and set by statements that read and write at once. To be called in the transaction of what needs them.</summary>
public static class Plans
{
    /// <summary>
    /// Takes the first of the wanted places that is free and gives back the one held before. Rows are locked in the order of their keys, so that people who want the same places in another
    /// order never wait for each other; one that is full is passed by without a lock.
    /// </summary>
    /// <returns>The wanted place; null when all are full, and then nothing is given back.</returns>
    public static async Task<Preference?> TakePlace(this ApplicationDb db, string programme, string session, string batch, IReadOnlyList<Preference> wanted, Place? held, CancellationToken ct)
    {
        var rows = held is null ? wanted : [.. wanted, new(held.Base, held.Speciality)];
        var (bases, specialities) = (rows.Select(p => p.Base).ToArray(), rows.Select(p => p.Speciality).ToArray());
        var taken = await db.Database.SqlQuery<Preference>($"""
            with wanted as (select * from unnest({bases}, {specialities}) with ordinality as w (base, speciality, n)),
            locked as (
                select p.base, p.speciality, w.n, p.taken < p.quota as free from plan_places p join wanted w using (base, speciality)
                where p.programme_code = {programme} and p.session_code = {session} and p.batch = {batch} and (p.taken < p.quota or w.n > {wanted.Count})
                order by p.base, p.speciality for update of p),
            chosen as (select base, speciality from locked where free and n <= {wanted.Count} order by n limit 1)
            update plan_places p set taken = p.taken + case when (p.base, p.speciality) = (c.base, c.speciality) then 1 else -1 end
            from chosen c where p.programme_code = {programme} and p.session_code = {session} and p.batch = {batch}
                and ((p.base, p.speciality) = (c.base, c.speciality) or (p.base, p.speciality) in (select base, speciality from locked where n > {wanted.Count}))
            returning c.base, c.speciality
            """).ToListAsync(ct);
        return taken.FirstOrDefault();
    }

    /// <summary>Gives places back, however many at once, and locks their rows in the order of their keys as taking one does: whoever takes, gives back or publishes meanwhile waits once.</summary>
    internal static async Task GiveBackPlaces(this ApplicationDb db, IReadOnlyList<HeldPlace> held, CancellationToken ct)
    {
        var (programmes, sessions, batches) = (held.Select(h => h.Programme).ToArray(), held.Select(h => h.Session).ToArray(), held.Select(h => h.Place.Batch).ToArray());
        var (bases, specialities) = (held.Select(h => h.Place.Base).ToArray(), held.Select(h => h.Place.Speciality).ToArray());
        await db.Database.ExecuteSqlAsync($"""
            with given as (
                select programme_code, session_code, batch, base, speciality, count(*)::int as n
                from unnest({programmes}, {sessions}, {batches}, {bases}, {specialities}) as g (programme_code, session_code, batch, base, speciality) group by 1, 2, 3, 4, 5),
            locked as (
                select p.programme_code, p.session_code, p.batch, p.base, p.speciality, g.n from plan_places p join given g using (programme_code, session_code, batch, base, speciality)
                order by 1, 2, 3, 4, 5 for update of p)
            update plan_places p set taken = greatest(p.taken - l.n, 0) from locked l
            where (p.programme_code, p.session_code, p.batch, p.base, p.speciality) = (l.programme_code, l.session_code, l.batch, l.base, l.speciality)
            """, ct);
    }

    /// <summary>Sets the quotas to what a programme plans; what is taken stays. A line that it has no more goes, unless a place of it is taken.</summary>
    internal static async Task SetPlans(this ApplicationDb db, ExamProgramme programme, CancellationToken ct)
    {
        var lines = programme.Sessions.SelectMany(s => (s.Plans ?? []).Select(plan => (Session: s.Code, Plan: plan))).ToList();
        var (sessions, batches, bases) = (lines.Select(l => l.Session).ToArray(), lines.Select(l => l.Plan.Batch).ToArray(), lines.Select(l => l.Plan.Base).ToArray());
        var (specialities, quotas) = (lines.Select(l => l.Plan.Speciality).ToArray(), lines.Select(l => l.Plan.Quota).ToArray());
        await db.Database.ExecuteSqlAsync($"""
            with planned as (select * from unnest({sessions}, {batches}, {bases}, {specialities}, {quotas}) as l (session_code, batch, base, speciality, quota)),
            gone as (delete from plan_places p where p.programme_code = {programme.Code} and p.taken = 0
                and not exists (select 1 from planned l where (l.session_code, l.batch, l.base, l.speciality) = (p.session_code, p.batch, p.base, p.speciality)))
            insert into plan_places select {programme.Code}, session_code, batch, base, speciality, quota, 0 from planned order by 2, 3, 4, 5
            on conflict (programme_code, session_code, batch, base, speciality) do update set quota = excluded.quota where plan_places.quota <> excluded.quota
            """, ct);
    }
}

/// <summary>A place in a plan of a session.</summary>
internal sealed record HeldPlace(string Programme, string Session, Place Place);
