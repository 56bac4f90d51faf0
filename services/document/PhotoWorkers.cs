using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ExamPlatform.Photos;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Documents;

/// <summary>
/// The only door to the decoders: a few child processes that are kept and take one picture at a time. Each holds itself to limits of memory and processor time; one that takes too long, dies or
/// talks nonsense is killed and replaced, and the picture it worked on is refused.
/// </summary>
public sealed class PhotoWorkers(IOptions<DocumentOptions> options, ILogger<PhotoWorkers> log) : IDisposable
{
    /// <summary>No made photo is larger.</summary>
    private const int MaxMade = 16 << 20;
    private const int WaitingPerWorker = 32, JobsPerWorker = 1000;
    private readonly SemaphoreSlim free = new(options.Value.PhotoWorkers);
    private readonly ConcurrentBag<Worker> idle = [];
    private int waiting;

    /// <summary>Process ids of the workers that wait for a picture.</summary>
    internal IReadOnlyList<int> Idle => [.. idle.Select(worker => worker.Id)];

    /// <summary>Answers what the worker made; <c>too-hard</c> in <see cref="PhotoAnswer.Refused"/> where it did not survive the picture.</summary>
    /// <returns>Null where too many wait already: it is to be asked again later.</returns>
    /// <exception cref="WorkerAwayException">No worker can be started, whatever the picture.</exception>
    public async Task<(PhotoAnswer Answer, byte[] Jpeg)?> MakeAsync(PhotoJob job, Func<Task<Stream>> open, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (Interlocked.Increment(ref waiting) > options.Value.PhotoWorkers * WaitingPerWorker)
        {
            Interlocked.Decrement(ref waiting);
            return null;
        }
        try
        {
            await free.WaitAsync(ct);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
        try
        {
            await using var content = await open();
            return await Make(job, content);
        }
        finally
        {
            free.Release();
        }
    }

    // to the end, even where who asked has gone: a worker in the middle of a picture would have to be killed
    private async Task<(PhotoAnswer, byte[])> Make(PhotoJob job, Stream content)
    {
        var worker = await Take();
        var keep = false;
        using var patience = new CancellationTokenSource(options.Value.PhotoPatience);
        using var killed = patience.Token.Register(worker.Kill);
        try
        {
            var answer = await worker.Make(job, content);
            keep = !patience.IsCancellationRequested && ++worker.Jobs < JobsPerWorker;
            return answer;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            log.LogWarning("A photo worker did not survive a picture ({Kind}); it is replaced", e.GetType().Name);
            return (new("too-hard"), []);
        }
        finally
        {
            if (keep) idle.Add(worker);
            else worker.Dispose();
        }
    }

    private async Task<Worker> Take()
    {
        while (idle.TryTake(out var kept))
        {
            if (kept.Lives) return kept;
            kept.Dispose();
        }
        var worker = new Worker();
        using var patience = new CancellationTokenSource(options.Value.PhotoPatience);
        using var killed = patience.Token.Register(worker.Kill);
        try
        {
            await worker.Greeting();
            return worker;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            worker.Dispose();
            throw new WorkerAwayException("The photo worker does not start: is libvips42 installed (eng/setup.sh)?", e);
        }
    }

    public void Dispose()
    {
        while (idle.TryTake(out var worker)) worker.Dispose();
        free.Dispose();
    }

    private sealed class Worker : IDisposable
    {
        // a start of its own code, with none of this process's environment: connection strings and keys are no business of a decoder
        private static readonly string Dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        private readonly Process process;

        public int Id => process.Id;
        public int Jobs { get; set; }
        public bool Lives => !process.HasExited;

        public Worker()
        {
            var start = new ProcessStartInfo(Dotnet, ["exec", Path.Combine(AppContext.BaseDirectory, "ExamPlatform.PhotoWorker.dll")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = AppContext.BaseDirectory,
            };
            start.Environment.Clear();
            start.Environment["DOTNET_EnableDiagnostics"] = "0";
            start.Environment["DOTNET_GCHeapHardLimit"] = "0x10000000"; // 256 MiB: a 20 MB upload and the numbers of small pictures
            start.Environment["DOTNET_TieredPGO"] = "0";
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // a third of the start
            start.Environment["VIPS_CONCURRENCY"] = "1";
            process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { }; // read, so that it never waits; what a decoder says of a picture is nobody's news
            process.BeginErrorReadLine();
        }

        /// <summary>Its first frame says that the decoders are there and the limits are set.</summary>
        public Task Greeting() => Answer();

        public async Task<(PhotoAnswer Answer, byte[] Jpeg)> Make(PhotoJob job, Stream content)
        {
            await Frames.WriteAsync(process.StandardInput.BaseStream, job, content, checked((int)content.Length), CancellationToken.None);
            return await Answer();
        }

        public void Kill()
        {
            try
            {
                process.Kill();
            }
            catch (InvalidOperationException)
            {
                // it had ended already
            }
        }

        public void Dispose()
        {
            Kill();
            process.Dispose();
        }

        private async Task<(PhotoAnswer, byte[])> Answer() =>
            await Frames.ReadAsync<PhotoAnswer>(process.StandardOutput.BaseStream, MaxMade, CancellationToken.None) ?? throw new EndOfStreamException("The worker ended.");
    }
}

/// <summary>Photos cannot be made on this machine now.</summary>
public sealed class WorkerAwayException(string message, Exception inner) : Exception(message, inner);
