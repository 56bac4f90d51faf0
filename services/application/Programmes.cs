using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications;

/// <summary>A programme document as it was published. The row never changes.</summary>
public sealed class PublishedProgramme
{
    public required string Code { get; init; }
    public int Version { get; init; }
    public required string Document { get; init; }
    public DateTimeOffset PublishedAt { get; init; }

    /// <summary>The officer who did it; null for what came with the platform.</summary>
    public Guid? PublishedBy { get; init; }
}

/// <summary>Says that an exam is offered no more. It names the version that was the newest then: publishing a newer one offers the exam again.</summary>
public sealed class RetiredProgramme
{
    public required string Code { get; init; }
    public int Version { get; init; }
    public DateTimeOffset RetiredAt { get; init; }
    public Guid RetiredBy { get; init; }
}

/// <summary>The published programmes. A version never changes, so each is read from the database once; what is newest is asked again every two seconds.</summary>
public sealed class Programmes(ApplicationDb db, ProgrammeCache cache, TimeProvider clock)
{
    public async Task<ExamProgramme> Get(string code, int version, CancellationToken ct)
    {
        if (cache.Read.TryGetValue((code, version), out var known)) return known;
        var row = await db.Programmes.AsNoTracking().SingleAsync(p => p.Code == code && p.Version == version, ct);
        return cache.Read.GetOrAdd((code, version), JsonSerializer.Deserialize<ExamProgramme>(row.Document, ProgrammeReader.Json)!);
    }

    /// <summary>The programme that holds for an application: the rules it was started under, in the session as it is today. Its deadline follows a window that was moved.</summary>
    public async Task<ExamProgramme> Of(Application application, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(application);
        var programme = await Get(application.ProgrammeCode, application.ProgrammeVersion, ct);
        var newest = await Published(programme.Code, ct) is { } last && last.Version > programme.Version ? last : programme;
        var leftAlone = application.AreaCode is { } area && newest.Session(application.SessionCode)?.Areas.All(a => a.Area != area) == true ? area : null;
        var today = Today(programme, newest, leftAlone, await Known(ct));
        application.Follow(today, clock.GetUtcNow());
        return today;
    }

    /// <summary>The newest version as it was published, retired or not; null when no programme has this code.</summary>
    public async Task<ExamProgramme?> Published(string code, CancellationToken ct) =>
        (await Known(ct)).Newest.TryGetValue(code, out var newest) ? await Get(code, newest.Version, ct) : null;

    /// <summary>The newest version with the windows as they are today: extended where the platform was down.</summary>
    public async Task<ExamProgramme?> Newest(string code, CancellationToken ct) =>
        await Published(code, ct) is { } newest ? Today(newest, newest, null, await Known(ct)) : null;

    /// <summary>The newest version of every exam on offer.</summary>
    public async Task<List<ExamProgramme>> AllNewest(CancellationToken ct)
    {
        var programmes = new List<ExamProgramme>();
        foreach (var newest in (await Known(ct)).Newest.Values.Where(p => !p.Retired).OrderBy(p => p.Code, StringComparer.Ordinal)) programmes.Add((await Newest(newest.Code, ct))!);
        return programmes;
    }

    /// <summary>The exams of which an outage has extended a window.</summary>
    public async Task<List<string>> ExtendedFor(long outage, CancellationToken ct)
    {
        var (codes, programmes) = ((await Look(ct)).Newest.Keys, new List<string>());
        foreach (var code in codes)
            if ((await Newest(code, ct))!.Sessions.SelectMany(s => s.Windows.Concat(s.Areas.SelectMany(a => a.Windows))).Any(w => w.Extension?.For.Any(o => o.Id == outage) == true)) programmes.Add(code);
        return programmes;
    }

    /// <summary>
    /// Whether an application may be started under this version at this moment. Nothing of this exam is published or retired until the transaction ends, so that
    /// nobody starts what has just been dropped. To be asked in the transaction that starts it.
    /// </summary>
    public async Task<Refusal?> MayStart(ExamProgramme programme, CancellationToken ct)
    {
        var newest = (await Fence(programme.Code, ct)).Newest[programme.Code];
        return newest.Retired ? new("programme-retired", "This exam is offered no more.")
            : newest.Version != programme.Version ? new("programme-changed", "A newer version of this exam has been published at this moment; repeat the request.") : null;
    }

    /// <summary>Keeps publications of this exam waiting until the transaction ends, and asks what is newest.</summary>
    public async Task<Known> Fence(string code, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock_shared(hashtextextended({code}, 0))", ct);
        return await Look(ct);
    }

    /// <summary>Asks the database what is newest, and which outages there were, however short ago it was asked.</summary>
    public async Task<Known> Look(CancellationToken ct)
    {
        var asked = clock.GetTimestamp();
        var found = await db.Programmes.Where(p => !db.Programmes.Any(n => n.Code == p.Code && n.Version > p.Version))
            .Select(p => new { Newest = new NewestVersion(p.Code, p.Version, db.RetiredProgrammes.Any(r => r.Code == p.Code && r.Version == p.Version)), LastOutage = db.Outages.Max(o => (long?)o.Id) ?? 0 }).ToListAsync(ct);
        var last = found.Count == 0 ? 0 : found[0].LastOutage;
        var known = new Known(found.ToDictionary(p => p.Newest.Code, p => p.Newest), cache.OutagesUpTo(last) ?? await db.Outages.AsNoTracking().OrderBy(o => o.Id).ToListAsync(ct)); // there is seldom a new one
        cache.Keep(known, asked);
        return known;
    }

    private async ValueTask<Known> Known(CancellationToken ct) => cache.Known ?? await Look(ct);

    /// <summary>The one place where windows become what they are today; everybody who asks for a window has come through here.</summary>
    private ExamProgramme Today(ExamProgramme programme, ExamProgramme newest, string? leftAlone, Known known) =>
        cache.Today.GetOrAdd((programme.Code, programme.Version, newest.Version, leftAlone, known.LastOutage),
            _ => (ReferenceEquals(newest, programme) ? programme : programme.WithSessionsOf(newest, leftAlone) with { Retention = programme.Retention ?? newest.Retention }).ExtendedBy(known.Outages, newest.Outages));
}

public sealed record NewestVersion(string Code, int Version, bool Retired);

/// <param name="Outages">In the order in which they were found.</param>
public sealed record Known(IReadOnlyDictionary<string, NewestVersion> Newest, IReadOnlyList<Outage> Outages)
{
    public long LastOutage => Outages.Count == 0 ? 0 : Outages[^1].Id;
}

/// <summary>What has been read: documents for the life of the process, what is newest for two seconds, which is how long another replica's publication, or an outage it found, may go unnoticed.</summary>
public sealed class ProgrammeCache(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);
    private readonly Lock gate = new();
    private volatile Answer? last;
    private long forgotten = long.MinValue;

    internal ConcurrentDictionary<(string Code, int Version), ExamProgramme> Read { get; } = new();
    internal ConcurrentDictionary<(string Code, int Version, int Newest, string? LeftAlone, long LastOutage), ExamProgramme> Today { get; } = new();

    /// <summary>Null when it has to be asked.</summary>
    public Known? Known => last is { } answer && answer.Asked > Volatile.Read(ref forgotten) && clock.GetElapsedTime(answer.Asked) < Lifetime ? answer.Known : null;

    /// <summary>Null when they have to be read.</summary>
    public IReadOnlyList<Outage>? OutagesUpTo(long id) => id == 0 ? [] : last is { } answer && answer.Known.LastOutage == id ? answer.Known.Outages : null;

    /// <summary>An answer that was asked for earlier never takes the place of a later one.</summary>
    public void Keep(Known known, long asked)
    {
        lock (gate)
        {
            if (last is null || last.Asked < asked) last = new(known, asked);
        }
    }

    /// <summary>Something has been published, or an outage found, here: what was asked before does not count any more.</summary>
    public void Forget() => Volatile.Write(ref forgotten, clock.GetTimestamp());

    private sealed record Answer(Known Known, long Asked);
}
