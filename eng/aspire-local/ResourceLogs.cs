using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ExamPlatform.AspireLocal.Dcp;

namespace ExamPlatform.AspireLocal;

internal readonly record struct LogLine(string Text, bool IsError);

/// <summary>A resource's console: what its process wrote, which DCP keeps, and what the host itself has to say about it.</summary>
internal sealed class ResourceLogs(DcpHost dcp, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<LogLine>> _own = new();

    public void Write(string instance, string text, bool isError = false) => _own.GetOrAdd(instance, _ => new()).Enqueue(
        new($"{clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)} [sys] {text}", isError));

    /// <summary>All lines so far, then with <paramref name="follow"/> every further one, over restarts of the process.</summary>
    public async IAsyncEnumerable<LogLine> ReadAsync(string instance, bool follow, [EnumeratorCancellation] CancellationToken ct)
    {
        var lines = Channel.CreateUnbounded<LogLine>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pumps = Task.WhenAll(
            PumpOwnAsync(instance, follow, lines.Writer, stop.Token),
            PumpAsync(instance, "stdout", false, follow, lines.Writer, stop.Token),
            PumpAsync(instance, "stderr", true, follow, lines.Writer, stop.Token));
        _ = pumps.ContinueWith(_ => lines.Writer.TryComplete(), TaskScheduler.Default);
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(ct)) yield return line;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task PumpOwnAsync(string instance, bool follow, ChannelWriter<LogLine> to, CancellationToken ct)
    {
        var written = 0;
        do
        {
            var lines = _own.GetOrAdd(instance, _ => new()).Skip(written).ToList();
            foreach (var line in lines) to.TryWrite(line);
            written += lines.Count;
            if (follow) await Task.Delay(TimeSpan.FromMilliseconds(500), clock, ct);
        }
        while (follow);
    }

    private async Task PumpAsync(string instance, string source, bool isError, bool follow, ChannelWriter<LogLine> to, CancellationToken ct)
    {
        var seen = "";
        do
        {
            // A stream ends with its process. Asked again, it gives the same lines, or the newer ones of the process that came after.
            var known = seen;
            try
            {
                await foreach (var line in dcp.Client.LogAsync(instance, source, follow, ct))
                {
                    var time = line.Split(' ', 2)[0];
                    if (string.CompareOrdinal(time, known) <= 0) continue;
                    seen = time;
                    to.TryWrite(new(line, isError));
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                to.TryWrite(new($"[sys] The log of {instance} is not available: {e.Message}", true));
            }

            if (follow) await Task.Delay(TimeSpan.FromSeconds(1), clock, ct);
        }
        while (follow);
    }
}
