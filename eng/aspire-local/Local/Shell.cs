using System.Diagnostics;
using System.Runtime.InteropServices;
using Aspire.Hosting;

namespace ExamPlatform.AspireLocal;

internal static class Shell
{
    public const int Interrupt = 2;

    public static async Task RunAsync(string file, IEnumerable<string> args, CancellationToken ct)
    {
        var start = new ProcessStartInfo(file, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
        {
            throw new DistributedApplicationException($"{file} ended with {process.ExitCode}: {await errors}{await output}");
        }
    }

    public static void Signal(int pid, int signal) => _ = Kill(pid, signal);

    /// <summary>After a kill -9 of the host the last session's server ends some seconds later; two on one data folder would harm it.</summary>
    public static async Task WaitForPredecessorAsync(string pidFile, TimeProvider clock, CancellationToken ct)
    {
        if (!File.Exists(pidFile) || !int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), out var pid)) return;
        var limit = clock.GetUtcNow().AddSeconds(30);
        while (Directory.Exists($"/proc/{pid}") && ServesFrom(pid, Path.GetDirectoryName(pidFile)!))
        {
            if (clock.GetUtcNow() > limit) throw new DistributedApplicationException($"Process {pid} still uses {Path.GetDirectoryName(pidFile)}.");
            await Task.Delay(200, ct);
        }
    }

    private static bool ServesFrom(int pid, string folder)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains(folder, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
