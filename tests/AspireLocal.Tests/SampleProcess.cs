using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ExamPlatform.AspireLocal.Tests;

/// <summary>The sample host as a process of its own, as a developer starts it: with the dashboard, and free to be killed.</summary>
public sealed partial class SampleProcess : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("aspire-local-test-").FullName;
    private readonly Process _process;
    private readonly List<string> _output = [];

    public SampleProcess()
    {
        File.SetUnixFileMode(_data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        var program = typeof(Projects.SampleHost).Assembly.Location;
        var start = new ProcessStartInfo(LocalMachine.DotnetPath, ["exec", program]) { RedirectStandardOutput = true };
        start.Environment["EXAM_DATA"] = _data;
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            lock (_output) _output.Add(line.Data ?? "");
        };
        _process.BeginOutputReadLine();
    }

    public Uri? DashboardLogin
    {
        get
        {
            lock (_output) return _output.Select(l => LoginUrl().Match(l)).FirstOrDefault(m => m.Success) is { } m ? new Uri(m.Value) : null;
        }
    }

    /// <summary>Everything below this host: whatever it or DCP started inherits the data folder's name in its environment.</summary>
    public List<int> LivingProcesses() => [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Where(name => int.TryParse(name, out var pid) && pid != Environment.ProcessId && Belongs(name!)).Select(name => int.Parse(name!))];

    public void Signal(int signal) => Shell.Signal(_process.Id, signal);

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var deadline = RunningSample.Deadline;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!condition())
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"Not reached: {what}.\n{string.Join('\n', _output)}");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await UntilAsync(() => LivingProcesses().Count == 0, "all processes gone");
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private bool Belongs(string pid)
    {
        try
        {
            if (File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal)) return false;
            return File.ReadAllText($"/proc/{pid}/environ").Contains(_data, StringComparison.Ordinal)
                || File.ReadAllText($"/proc/{pid}/cmdline").Contains(_data, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"http://localhost:\d+/login\?t=[0-9a-f]+")]
    private static partial Regex LoginUrl();
}
