using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications;

/// <summary>Who has passed a stage is made known to everybody for some days, with masked names (公示).</summary>
/// <param name="Stage">Shown is who has passed it, for as long as that holds.</param>
/// <param name="By">The level whose officers put it up, each for their own jurisdiction.</param>
/// <param name="Days">How long it is up; then it comes down by itself.</param>
/// <param name="Objections">Whether anybody may object, giving their name.</param>
/// <param name="Columns">What stands beside the masked name.</param>
public sealed record PublicNoticeRule(string Stage, DeciderLevel By, int Days, bool Objections, IReadOnlyList<NoticeColumn> Columns, string Source);

public enum NoticeColumn { Area, Site, Base, Speciality }

/// <summary>A public notice: ids of those who had passed when it was put up. What is shown of them is read anew, and nobody's name is in it. The rows never change.</summary>
public sealed class PublicNotice
{
    /// <summary>Identity masks so many names in one call. Where more have passed, they come into a second notice.</summary>
    public const int MostRows = 2000;

    public Guid Id { get; init; }
    public required string ProgrammeCode { get; init; }

    /// <summary>The version whose rule it was put up under.</summary>
    public int ProgrammeVersion { get; init; }
    public required string SessionCode { get; init; }
    public required string Stage { get; init; }

    /// <summary>The jurisdiction of who put it up.</summary>
    public required string AreaPath { get; init; }
    public Guid PutUpBy { get; init; }
    public DateTimeOffset From { get; init; }

    /// <summary>From this moment on it is down.</summary>
    public DateTimeOffset Until { get; init; }
    public List<PublicNoticeRow> Rows { get; init; } = [];

    public static PublicNotice PutUp(ExamProgramme programme, string session, Me officer, IEnumerable<Guid> passed, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        ProgrammeCode = programme.Code,
        ProgrammeVersion = programme.Version,
        SessionCode = session,
        Stage = programme.PublicNotice!.Stage,
        AreaPath = officer.AreaPath,
        PutUpBy = officer.Id,
        From = now,
        Until = now.AddDays(programme.PublicNotice.Days),
        Rows = [.. passed.Select((id, n) => new PublicNoticeRow { Number = n + 1, ApplicationId = id })],
    };
}

public sealed class PublicNoticeRow
{
    public Guid NoticeId { get; init; }

    /// <summary>1, 2, 3 …: what the public calls the row.</summary>
    public int Number { get; init; }
    public Guid ApplicationId { get; init; }
}

/// <summary>A row as everybody sees it.</summary>
/// <param name="Name">Masked by identity.</param>
/// <param name="Number">The end of the document number where the row would look like another; else null.</param>
/// <param name="Values">In the order of the notice's columns.</param>
public sealed record NoticeLine(int Row, string Name, string? Number, IReadOnlyList<string> Values)
{
    public override string ToString() => $"row {Row}"; // a record would print the name
}

/// <summary>The lines of notices, kept for half a minute: however many strangers ask, the database and identity are asked once.</summary>
public sealed class NoticeLines(TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<Guid, Kept> kept = new();

    /// <param name="read">Is not to end with the request that happened to come first: the others wait for it too.</param>
    public async Task<IReadOnlyList<NoticeLine>> Of(Guid notice, Func<Task<IReadOnlyList<NoticeLine>>> read)
    {
        var now = clock.GetUtcNow();
        foreach (var old in kept.Where(k => now - k.Value.At >= Lifetime || now < k.Value.At)) kept.TryRemove(old);
        var lines = kept.GetOrAdd(notice, _ => new(new(read), now));
        try
        {
            return await lines.Lines.Value;
        }
        catch
        {
            kept.TryRemove(KeyValuePair.Create(notice, lines));
            throw;
        }
    }

    private sealed record Kept(Lazy<Task<IReadOnlyList<NoticeLine>>> Lines, DateTimeOffset At);
}

internal static class PublicNotices
{
    /// <summary>Those of a session who have passed the stage and from whom nothing has taken that back since: neither a failure nor a withdrawal. Stages are counted in the version each is under.</summary>
    public static async Task<IQueryable<Application>> WhoPassed(this ApplicationDb db, Programmes programmes, string code, string session, string stage, CancellationToken ct)
    {
        var (versions, later) = (new List<int>(), new List<string>());
        foreach (var version in await db.Programmes.Where(p => p.Code == code).Select(p => p.Version).ToListAsync(ct))
        {
            var programme = await programmes.Get(code, version, ct);
            if (programme.Stages.All(s => s.Code != stage)) continue;
            versions.Add(version);
            later.AddRange(programme.Stages.SkipWhile(s => s.Code != stage).Skip(1).Select(s => $"{version}/{s.Code}"));
        }
        return db.Applications.Where(a => a.ProgrammeCode == code && a.SessionCode == session && versions.Contains(a.ProgrammeVersion)
            && (a.Standing == Standing.AwaitingPayment || a.Standing == Standing.Registered || (a.Standing == Standing.Submitted && later.Contains(a.ProgrammeVersion.ToString() + "/" + a.Stage))));
    }

    /// <summary>Who has passed in a jurisdiction and is in no notice of this stage that is up. Two officers at once do not put up the same people: the second waits here for the first.</summary>
    public static async Task<List<Guid>> ToBeShown(this ApplicationDb db, Programmes programmes, ExamProgramme programme, string session, string areaPath, DateTimeOffset now, CancellationToken ct)
    {
        var stage = programme.PublicNotice!.Stage;
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({$"public-notice {programme.Code} {session}"}, 0))", ct);
        return await (await db.WhoPassed(programmes, programme.Code, session, stage, ct)).Where(a => (a.AreaCode + "/" + a.SiteCode + "/").StartsWith(areaPath))
            .Where(a => !db.PublicNotices.Any(n => n.Stage == stage && n.Until > now && n.Rows.Any(r => r.ApplicationId == a.Id)))
            .OrderBy(a => a.AreaCode).ThenBy(a => a.SiteCode).ThenBy(a => a.Id).Select(a => a.Id).Take(PublicNotice.MostRows).ToListAsync(ct);
    }

    /// <summary>The rows that are still right.</summary>
    /// <param name="number">Only this one.</param>
    public static async Task<IQueryable<ShownRow>> RowsOf(this ApplicationDb db, PublicNotice notice, Programmes programmes, CancellationToken ct, int? number = null) =>
        from row in db.Set<PublicNoticeRow>().Where(r => r.NoticeId == notice.Id && (number == null || r.Number == number))
        join application in await db.WhoPassed(programmes, notice.ProgrammeCode, notice.SessionCode, notice.Stage, ct) on row.ApplicationId equals application.Id
        select new ShownRow(row.Number, application.Id, application.CandidateId, application.AreaCode!, application.SiteCode!, application.Place);
}

internal sealed record ShownRow(int Number, Guid ApplicationId, Guid CandidateId, string Area, string Site, Place? Place)
{
    public string Value(NoticeColumn column, ExamSession session) => column switch
    {
        NoticeColumn.Area => AreaTree.Find(Area)?.Name ?? Area,
        NoticeColumn.Site => AreaTree.Title(Area, Site),
        NoticeColumn.Base => Place is null ? "" : session.Base(Place.Base)?.Title ?? Place.Base,
        _ => Place?.Speciality ?? "",
    };
}
