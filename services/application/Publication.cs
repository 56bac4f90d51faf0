using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications;

/// <summary>What became of a document that was to be published.</summary>
/// <param name="Programme">Null when the document is broken.</param>
/// <param name="Faults">All that is broken, by path.</param>
/// <param name="Refusal">Why a document without faults cannot be published.</param>
/// <param name="Stranded">Whose applications it would strand, with the refusal <c>would-strand</c>.</param>
/// <param name="New">False when the same was published before.</param>
public sealed record Publication(ExamProgramme? Programme, IReadOnlyList<Fault> Faults, Refusal? Refusal = null, IReadOnlyList<Stranded>? Stranded = null, bool New = false)
{
    /// <summary>Publishes a document, with its plans. A published version never changes, versions only go up, and nobody's application is stranded.</summary>
    /// <param name="officer">Null for what comes with the platform.</param>
    /// <param name="write">False to learn only what would become of it.</param>
    public static async Task<Publication> Of(ApplicationDb db, string document, Guid? officer, DateTimeOffset now, CancellationToken ct, bool write = true)
    {
        var (programme, faults) = ProgrammeReader.Read(document);
        if (programme is null) return new(null, faults);
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        await Alone(db, programme.Code, ct);
        var newest = await NewestOf(db, programme.Code, ct);
        if (await PublishedBefore(db, programme, newest, ct) is { } before) return before;
        if (await Turned(programme, db, ct) is { Count: > 0 } turned) return new(null, turned);
        var stranded = newest is null ? [] : await Strandings.By(programme, newest, db, now, ct);
        if (stranded.Count > 0) return new(programme, [], Strandings.Refusal(stranded), stranded);
        if (!write) return new(programme, [], New: true);
        db.Programmes.Add(new() { Code = programme.Code, Version = programme.Version, Document = document, PublishedAt = now, PublishedBy = officer });
        await db.SaveChangesAsync(ct);
        await db.SetPlans(programme, ct);
        if (transaction is not null) await transaction.CommitAsync(ct);
        return new(programme, [], New: true);
    }

    /// <summary>Takes an exam out of the offer. Doing it twice changes nothing.</summary>
    /// <returns>False when there is no such exam; else whom it would strand, nobody if it is done.</returns>
    public static async Task<(bool Found, IReadOnlyList<Stranded> Stranded)> Retire(ApplicationDb db, string code, Guid officer, DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        await Alone(db, code, ct);
        if (await NewestOf(db, code, ct) is not { } newest) return (false, []);
        if (await db.RetiredProgrammes.AnyAsync(r => r.Code == code && r.Version == newest.Version, ct)) return (true, []);
        var stranded = await Strandings.ByRetiring(newest, db, now, ct);
        if (stranded.Count > 0) return (true, stranded);
        db.RetiredProgrammes.Add(new() { Code = code, Version = newest.Version, RetiredAt = now, RetiredBy = officer });
        await db.SaveChangesAsync(ct);
        if (transaction is not null) await transaction.CommitAsync(ct);
        return (true, []);
    }

    /// <summary>One publication of an exam at a time, and none while somebody starts an application (see <see cref="Programmes.Fence"/>).</summary>
    private static Task Alone(ApplicationDb db, string code, CancellationToken ct) => db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({code}, 0))", ct);

    /// <summary>Read from the database, in the transaction that publishes.</summary>
    private static async Task<ExamProgramme?> NewestOf(ApplicationDb db, string code, CancellationToken ct) =>
        await db.Programmes.AsNoTracking().Where(p => p.Code == code).OrderByDescending(p => p.Version).FirstOrDefaultAsync(ct) is { } row ? Read(row) : null;

    private static ExamProgramme Read(PublishedProgramme row) => JsonSerializer.Deserialize<ExamProgramme>(row.Document, ProgrammeReader.Json)!;

    private static async Task<Publication?> PublishedBefore(ApplicationDb db, ExamProgramme programme, ExamProgramme? newest, CancellationToken ct)
    {
        if (await db.Programmes.AsNoTracking().SingleOrDefaultAsync(p => p.Code == programme.Code && p.Version == programme.Version, ct) is { } same)
            return Content(Read(same)) == Content(programme) ? new(programme, [])
                : new(programme, [], new("version-published", $"{programme.Code} version {programme.Version} is published with other content and cannot change; publish this as a higher version."));
        return programme.Version < newest?.Version
            ? new(programme, [], new("not-newer", $"{programme.Code} version {newest.Version} is published; publish this as version {newest.Version + 1} or higher.")) : null;
    }

    /// <summary>What was started in a session was meant as the session was: practice never turns real, nor the other way, whatever versions lie between.</summary>
    private static async Task<IReadOnlyList<Fault>> Turned(ExamProgramme programme, ApplicationDb db, CancellationToken ct)
    {
        var earlier = (await db.Programmes.AsNoTracking().Where(p => p.Code == programme.Code).ToListAsync(ct)).ConvertAll(Read);
        return [.. programme.Sessions.Select((session, i) => (Session: session, Path: $"#/sessions/{i}/trial"))
            .Where(s => earlier.Any(e => e.Session(s.Session.Code) is { } then && then.Trial is null != s.Session.Trial is null))
            .Select(s => new Fault(s.Path, "trial-fixed", $"'{s.Session.Code}' was published as {(s.Session.Trial is null ? "a practice" : "real")} and stays so; write this as another session."))];
    }

    /// <summary>What a document says, however it is laid out.</summary>
    private static string Content(ExamProgramme programme) => JsonSerializer.Serialize(programme, ProgrammeReader.Json);
}

/// <summary>Publishes the documents that come with the service, in the migration step. Where officers have published a newer version, theirs stays.</summary>
public sealed class ProgrammeSeed(TimeProvider clock, ILogger<ProgrammeSeed> log) : ISeed<ApplicationDb>
{
    public async Task SeedAsync(ApplicationDb db, CancellationToken cancellationToken)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "programmes"), "*.json").Order())
        {
            var publication = await Publication.Of(db, await File.ReadAllTextAsync(file, cancellationToken), officer: null, clock.GetUtcNow(), cancellationToken);
            if (publication.Refusal is { Code: "not-newer" } older) log.LogWarning("{File} is not published: {Reason}", Path.GetFileName(file), older.Detail);
            else if (publication.Refusal is { } refusal) throw new InvalidOperationException($"{Path.GetFileName(file)} cannot be published: {refusal.Detail}");
            if (publication.Faults.Count > 0)
                throw new InvalidOperationException($"{Path.GetFileName(file)} cannot be published:{Environment.NewLine}{string.Join(Environment.NewLine, publication.Faults.Select(f => $"  {f.Pointer}: {f.Detail}"))}");
        }
    }
}
