using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications;

/// <summary>A programme document as it was published. The row never changes.</summary>
public sealed class PublishedProgramme
{
    public required string Code { get; init; }
    public int Version { get; init; }
    public required string Document { get; init; }
    public DateTimeOffset PublishedAt { get; init; }
}

/// <summary>The published programmes. A version never changes, so each is read from the database once.</summary>
public sealed class Programmes(ApplicationDb db, ProgrammeCache read)
{
    public async Task<ExamProgramme> Get(string code, int version, CancellationToken ct)
    {
        if (read.TryGetValue((code, version), out var known)) return known;
        var row = await db.Programmes.AsNoTracking().SingleAsync(p => p.Code == code && p.Version == version, ct);
        return read.GetOrAdd((code, version), JsonSerializer.Deserialize<ExamProgramme>(row.Document, ProgrammeReader.Json)!);
    }

    public Task<ExamProgramme> Of(Application application, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(application);
        return Get(application.ProgrammeCode, application.ProgrammeVersion, ct);
    }

    /// <summary>The newest version; null when no programme has this code.</summary>
    public async Task<ExamProgramme?> Newest(string code, CancellationToken ct) =>
        await db.Programmes.Where(p => p.Code == code).MaxAsync(p => (int?)p.Version, ct) is { } version ? await Get(code, version, ct) : null;

    public async Task<List<ExamProgramme>> AllNewest(CancellationToken ct)
    {
        var programmes = new List<ExamProgramme>();
        foreach (var newest in await db.Programmes.GroupBy(p => p.Code).Select(g => new { Code = g.Key, Version = g.Max(p => p.Version) }).OrderBy(p => p.Code).ToListAsync(ct))
            programmes.Add(await Get(newest.Code, newest.Version, ct));
        return programmes;
    }

    /// <summary>Publishes a document. Refused with every fault when it is broken, and when its (code, version) is published with other content.</summary>
    public static async Task<IReadOnlyList<Fault>> Publish(ApplicationDb db, string document, DateTimeOffset now, CancellationToken ct)
    {
        var (programme, faults) = ProgrammeReader.Read(document);
        if (programme is null) return faults;
        var published = await db.Programmes.AsNoTracking().SingleOrDefaultAsync(p => p.Code == programme.Code && p.Version == programme.Version, ct);
        if (published is not null)
            return JsonNode.DeepEquals(JsonNode.Parse(published.Document), JsonNode.Parse(document)) ? []
                : [new("#/version", "version-published", $"{programme.Code} version {programme.Version} is published and cannot change; publish this as version {programme.Version + 1} or higher.")];
        db.Programmes.Add(new() { Code = programme.Code, Version = programme.Version, Document = document, PublishedAt = now });
        await db.SaveChangesAsync(ct);
        return [];
    }
}

/// <summary>What has been read, for the life of the process.</summary>
public sealed class ProgrammeCache : ConcurrentDictionary<(string Code, int Version), ExamProgramme>;

/// <summary>Publishes the documents that come with the service, in the migration step.</summary>
public sealed class ProgrammeSeed(TimeProvider clock) : ISeed<ApplicationDb>
{
    public async Task SeedAsync(ApplicationDb db, CancellationToken cancellationToken)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "programmes"), "*.json").Order())
        {
            var faults = await Programmes.Publish(db, await File.ReadAllTextAsync(file, cancellationToken), clock.GetUtcNow(), cancellationToken);
            if (faults.Count > 0)
                throw new InvalidOperationException($"{Path.GetFileName(file)} cannot be published:{Environment.NewLine}{string.Join(Environment.NewLine, faults.Select(f => $"  {f.Pointer}: {f.Detail}"))}");
        }
    }
}
