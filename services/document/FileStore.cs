namespace ExamPlatform.Documents;

/// <summary>Where the bytes of uploads lie. A file is there whole or not at all, and never changes once it may be read.</summary>
public interface IFileStore
{
    /// <summary>Keeps the whole stream under <paramref name="id"/>. If reading it fails, nothing is kept.</summary>
    Task PutAsync(Guid id, Stream content, CancellationToken cancellationToken);

    /// <summary>Puts other content in the place of a file that nobody may read yet: the old or the new one is there, whole.</summary>
    Task ReplaceAsync(Guid id, Stream content, CancellationToken cancellationToken);

    /// <exception cref="FileNotFoundException">Nothing is kept under <paramref name="id"/>.</exception>
    Task<Stream> OpenAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Does nothing where nothing is kept.</summary>
    Task DeleteAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Removes what interrupted uploads left, and tells which whole files were put before <paramref name="putBefore"/>.</summary>
    Task<IReadOnlyList<Guid>> SweepAsync(DateTimeOffset putBefore, CancellationToken cancellationToken);
}

/// <summary>Keeps files sealed in a folder, spread over 256 subfolders. An upload grows as <c>.part</c> and gets its name when it is whole and on disk.</summary>
public sealed class FolderStore : IFileStore
{
    private readonly DirectoryInfo folder;
    private readonly Seals seals;

    public FolderStore(string path, Seals seals)
    {
        this.seals = seals;
        folder = Directory.CreateDirectory(Path.GetFullPath(path));
        if (!OperatingSystem.IsWindows()) folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    }

    public Task PutAsync(Guid id, Stream content, CancellationToken cancellationToken) => Put(id, content, FileMode.CreateNew, cancellationToken);

    // what an interrupted replacement left is written over
    public Task ReplaceAsync(Guid id, Stream content, CancellationToken cancellationToken) => Put(id, content, FileMode.Create, cancellationToken);

    private async Task Put(Guid id, Stream content, FileMode mode, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var file = PathOf(id);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var part = file + ".part";
        try
        {
            await using (var written = new FileStream(part, mode, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
            {
                await SealedFile.WriteAsync(content, written, id, seals, cancellationToken);
                written.Flush(flushToDisk: true);
            }
            File.Move(part, file, overwrite: mode is FileMode.Create);
        }
        finally
        {
            File.Delete(part);
        }
    }

    public Task<Stream> OpenAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult(SealedFile.Open(new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan), id, seals));

    public Task DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var file = PathOf(id);
        if (File.Exists(file)) File.Delete(file);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Guid>> SweepAsync(DateTimeOffset putBefore, CancellationToken cancellationToken)
    {
        var whole = new List<Guid>();
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.LastWriteTimeUtc < putBefore.UtcDateTime))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Extension == ".part") file.Delete();
            else if (Guid.TryParse(file.Name, out var id)) whole.Add(id);
        }
        return Task.FromResult<IReadOnlyList<Guid>>(whole);
    }

    // the end of a version 7 id is random, its beginning is the time: the end spreads
    private string PathOf(Guid id) => Path.Combine(folder.FullName, id.ToString("N")[^2..], id.ToString());
}
