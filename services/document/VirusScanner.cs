using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Documents;

/// <summary>Looks for viruses in a file before it leaves quarantine.</summary>
public interface IVirusScanner
{
    /// <returns><see cref="ScanState.NotScanned"/> only where no scanner is configured; one that is away throws, and the file stays in quarantine.</returns>
    Task<ScanState> ScanAsync(Stream content, CancellationToken cancellationToken);
}

/// <summary>No scanner is configured: nothing is scanned, and every upload and the health report say so.</summary>
public sealed class NoScanner : IVirusScanner
{
    public Task<ScanState> ScanAsync(Stream content, CancellationToken cancellationToken) => Task.FromResult(ScanState.NotScanned);
}

/// <summary>clamd over TCP: <c>zINSTREAM</c>, then chunks that each begin with their length in four bytes, big-endian, ended by a chunk of none (man clamd).</summary>
public sealed class ClamdScanner(string address) : IVirusScanner
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string host = address[..address.LastIndexOf(':')].Trim('[', ']');
    private readonly int port = int.Parse(address[(address.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    public async Task<ScanState> ScanAsync(Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var reply = await Ask("zINSTREAM\0", async (clamd, ct) =>
        {
            var chunk = new byte[4 + 64 * 1024];
            int read;
            while ((read = await content.ReadAsync(chunk.AsMemory(4), ct)) > 0)
            {
                BinaryPrimitives.WriteInt32BigEndian(chunk, read);
                await clamd.WriteAsync(chunk.AsMemory(0, 4 + read), ct);
            }
            await clamd.WriteAsync(new byte[4], ct);
        }, cancellationToken);
        if (reply == "stream: OK") return ScanState.Clean;
        return reply.EndsWith(" FOUND", StringComparison.Ordinal) ? ScanState.Infected : throw new IOException($"clamd did not scan: {reply}");
    }

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken) => await Ask("zPING\0", (_, _) => Task.CompletedTask, cancellationToken) == "PONG";

    private async Task<string> Ask(string command, Func<NetworkStream, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(host, port, patience.Token);
        await using var clamd = client.GetStream();
        await clamd.WriteAsync(Encoding.ASCII.GetBytes(command), patience.Token);
        await send(clamd, patience.Token);
        var reply = new byte[1024]; // an answer is one short line; more than this is none of clamd's
        var length = await clamd.ReadAtLeastAsync(reply, reply.Length, throwOnEndOfStream: false, patience.Token);
        return Encoding.ASCII.GetString(reply, 0, length).TrimEnd('\0', '\n');
    }
}

/// <summary>A missing or silent scanner is shown in <c>/health</c> as degraded: uploads still arrive, and people must know.</summary>
internal sealed class VirusScannerHealth(IVirusScanner scanner) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (scanner is not ClamdScanner clamd) return HealthCheckResult.Degraded("No virus scanner is configured (Document:Clamd): uploads are released as notScanned.");
        try
        {
            return await clamd.AnswersAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("clamd does not answer PING: uploads wait in quarantine.");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return HealthCheckResult.Degraded("clamd cannot be reached: uploads wait in quarantine.", e);
        }
    }
}

internal static class VirusScanners
{
    public static void AddVirusScanner(this IServiceCollection services)
    {
        services.AddSingleton<IVirusScanner>(p => p.GetRequiredService<IOptions<DocumentOptions>>().Value.Clamd is { Length: > 0 } address ? new ClamdScanner(address) : new NoScanner());
        services.AddHealthChecks().AddCheck<VirusScannerHealth>("virus-scanner");
    }
}
