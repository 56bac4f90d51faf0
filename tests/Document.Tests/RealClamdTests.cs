using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ExamPlatform.Testing;

namespace ExamPlatform.Documents.Tests;

/// <summary>Runs where clamd is installed, and says so elsewhere.</summary>
public sealed class FactWithClamdAttribute : FactAttribute
{
    public FactWithClamdAttribute() => Skip = File.Exists("/usr/sbin/clamd") ? null : "clamd is not installed (eng/setup.sh)";
}

/// <summary>The scanner as the platform runs it, with the signature that it always has.</summary>
public sealed class RealClamdFixture : DocumentFixture
{
    private readonly string folder = Directory.CreateTempSubdirectory("exam-test-clamd-").FullName;
    private readonly int port = FreePort();
    private Process? clamd;

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Document:Clamd", $"127.0.0.1:{port}")];

    public async Task Run()
    {
        if (clamd is not null) return;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101); // it runs as another user
        var start = new ProcessStartInfo("bash", [Path.Combine(Root(), "eng", "clamd.sh"), folder]) { RedirectStandardOutput = true };
        start.Environment["CLAMD_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        clamd = Process.Start(start)!;
        clamd.OutputDataReceived += (_, _) => { };
        clamd.BeginOutputReadLine();
        await Until.Async(Answers, what: "clamd answers");
    }

    private async Task<bool> Answers()
    {
        try
        {
            return await new ClamdScanner($"127.0.0.1:{port}").AnswersAsync(CancellationToken.None);
        }
        catch (SocketException)
        {
            return false; // it is still starting
        }
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "ExamPlatform.sln"))) at = at.Parent;
        return at.FullName;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing || clamd is not { } running) return;
        clamd = null;
        running.Kill(entireProcessTree: true);
        running.WaitForExit();
        running.Dispose();
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}

public sealed class RealClamdTests(RealClamdFixture service) : IClassFixture<RealClamdFixture>
{
    // in two halves, so that no scanner of a developer's machine takes this file away
    private static readonly byte[] Eicar = Encoding.ASCII.GetBytes(@"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*");

    [FactWithClamd]
    public async Task The_scanners_test_file_is_rejected_and_another_is_clean()
    {
        await service.Run();
        var me = service.Candidate(Guid.NewGuid());

        var infected = await service.Decided(me, [.. Files.Pdf(100)[..50], .. Eicar, .. Files.Pdf(100)[50..]], "application/pdf");
        var clean = await service.Decided(me, Files.Pdf(100), "application/pdf");

        Assert.Equal((DocumentState.Rejected, ScanState.Infected, "infected"), (infected.State, infected.Scan, infected.RejectedFor));
        Assert.Equal((DocumentState.Ready, ScanState.Clean), (clean.State, clean.Scan));
    }
}
