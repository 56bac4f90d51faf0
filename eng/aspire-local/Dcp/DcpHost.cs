using System.Diagnostics;
using Aspire.Hosting;
using Microsoft.Extensions.Logging;

namespace ExamPlatform.AspireLocal.Dcp;

/// <summary>Starts DCP for this session. It watches our process id and takes everything down itself should we be killed.</summary>
internal sealed class DcpHost(LocalMachine machine, ILogger<DcpHost> log) : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(25);
    private DcpClient? _client;

    public DcpClient Client => _client ?? throw new DistributedApplicationException("The orchestrator (DCP) is not started yet.");

    public async Task StartAsync(CancellationToken ct)
    {
        var kubeconfig = Path.Combine(machine.SessionFolder, "kubeconfig");
        var start = new ProcessStartInfo("/bin/sh")
        {
            // Its output goes to a file: a pipe would stay open in the detached process.
            ArgumentList =
            {
                "-c", "exec \"$0\" \"$@\" > \"$DCP_SESSION_FOLDER/dcp.log\" 2>&1 < /dev/null", machine.DcpPath, "start-apiserver", "--monitor",
                $"{Environment.ProcessId}", "--detach", "--kubeconfig", kubeconfig,
            },
        };
        start.Environment["DCP_SESSION_FOLDER"] = machine.SessionFolder;
        start.Environment["DCP_IP_VERSION_PREFERENCE"] = "v4";
        foreach (var own in new[] { "ASPNETCORE_URLS", "URLS", "HTTP_PORTS", "DOTNET_LAUNCH_PROFILE" }) start.Environment.Remove(own);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(ct);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(StartLimit);
        while (_client is null)
        {
            if (process.ExitCode != 0) throw new DistributedApplicationException($"DCP did not start (exit code {process.ExitCode}): {Log()}");
            await Task.Delay(50, limit.Token);
            _client = await TryConnectAsync(kubeconfig, limit.Token);
        }

        log.LogDebug("DCP is up; its session folder is {Folder}", machine.SessionFolder);
    }

    public async Task StopAsync()
    {
        if (_client is null) return;
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _client.ShutDownAsync(limit.Token);
            while (await AnswersAsync(_client, limit.Token)) await Task.Delay(100, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            log.LogDebug(e, "DCP went away while stopping");
        }
    }

    public void Dispose() => _client?.Dispose();

    private static async Task<DcpClient?> TryConnectAsync(string kubeconfig, CancellationToken ct)
    {
        if (!File.Exists(kubeconfig) || await File.ReadAllTextAsync(kubeconfig, ct) is not { } text || !text.Contains("token:")) return null;
        var client = DcpClient.FromKubeconfig(text);
        if (await AnswersAsync(client, ct)) return client;
        client.Dispose();
        return null;
    }

    private static async Task<bool> AnswersAsync(DcpClient client, CancellationToken ct)
    {
        try
        {
            await client.GetAsync("services", "none", ct);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or DistributedApplicationException)
        {
            return false;
        }
    }

    private string Log() => File.ReadAllText(Path.Combine(machine.SessionFolder, "dcp.log"));
}
