namespace ExamPlatform.Documents;

/// <summary>An upload that comes in parts (tus 1.0, docs/adr/0030). It becomes a document under its own <see cref="Id"/> once its last byte is here; until then nobody can read anything of it.</summary>
public sealed class UnfinishedUpload
{
    /// <summary>Connections that break leave short parts behind; more than these are no bad line.</summary>
    public const int MostParts = 500;

    public Guid Id { get; init; }

    /// <summary>Who sends it: nobody else sees it.</summary>
    public Guid SenderId { get; init; }
    public Guid CandidateId { get; init; }
    public Guid? UploadedBy { get; init; }
    public DocumentKind Kind { get; init; }
    public required string ContentType { get; init; }

    /// <summary>In bytes, as it was announced.</summary>
    public long Length { get; init; }
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Each part that arrives puts it off.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }
    public List<UploadPart> Parts { get; } = [];

    public long Received => Parts.Sum(part => part.Bytes);
    public bool IsWhole => Received == Length;
    internal UploadTarget Target => new(CandidateId, Kind, UploadedBy);

    internal static UnfinishedUpload Start(Guid sender, UploadTarget target, string contentType, long length, DateTimeOffset expiresAt, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        SenderId = sender,
        CandidateId = target.CandidateId,
        UploadedBy = target.UploadedBy,
        Kind = target.Kind,
        ContentType = contentType,
        Length = length,
        StartedAt = now,
        ExpiresAt = expiresAt,
    };

    /// <summary>A part goes where the last one ended, and nowhere else: nothing is ever written over.</summary>
    public Refusal? MayTake(long offset)
    {
        if (offset != Received) return new("upload-offset", $"The next byte is {Received}, not {offset}: ask with HEAD and go on from there.");
        return Parts.Count < MostParts ? null : new("too-many-parts", $"An upload may come in {MostParts} parts; start it anew with larger ones.");
    }

    public Refusal? Take(Guid file, long offset, long bytes, DateTimeOffset expiresAt)
    {
        if (MayTake(offset) is { } refusal) return refusal;
        Parts.Add(new() { UploadId = Id, Offset = offset, FileId = file, Bytes = bytes });
        ExpiresAt = expiresAt;
        return null;
    }
}

/// <summary>Bytes that arrived together; they lie in the file store under <see cref="FileId"/>, whole or not at all.</summary>
public sealed class UploadPart
{
    public Guid UploadId { get; init; }
    public long Offset { get; init; }
    public Guid FileId { get; init; }
    public long Bytes { get; init; }
}

/// <summary>Reads the parts one after the other, as the one file they are.</summary>
internal sealed class JoinedParts(IReadOnlyList<Guid> files, IFileStore store) : ForwardStream
{
    private Stream? open;
    private int next;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (open is null && next == files.Count) return 0;
            open ??= await store.OpenAsync(files[next++], cancellationToken);
            if (await open.ReadAsync(buffer, cancellationToken) is > 0 and var read) return read;
            await open.DisposeAsync();
            open = null;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) open?.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A body whose connection may break: it then ends where it broke, so that what arrived is kept.</summary>
internal sealed class BreakableBody(Stream body) : ForwardStream
{
    public bool Broken { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Broken) return 0;
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            Broken = true; // BadHttpRequestException, as Kestrel says it, is an IOException
            return 0;
        }
    }
}
