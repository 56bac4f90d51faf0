using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ExamPlatform.Testing;

namespace ExamPlatform.Documents.Tests;

/// <summary>Speaks clamd's side of INSTREAM and finds one signature.</summary>
internal sealed class Clamd : IDisposable
{
    public static readonly byte[] Signature = "a-signature-for-tests"u8.ToArray();
    private TcpListener listener = new(IPAddress.Loopback, 0);

    public Clamd()
    {
        Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    public void Stop() => listener.Stop();

    public void StartAgain()
    {
        listener = new(IPAddress.Loopback, Port);
        Start();
    }

    public void Dispose() => listener.Dispose();

    private void Start()
    {
        listener.Start();
        _ = Accept(listener);
    }

    private static async Task Accept(TcpListener listening)
    {
        try
        {
            while (true) await Answer(await listening.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            listening.Stop(); // the test ended it
        }
    }

    private static async Task Answer(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            var command = new byte[10];
            await stream.ReadExactlyAsync(command.AsMemory(0, 6));
            if (Encoding.ASCII.GetString(command, 0, 6) == "zPING\0")
            {
                await stream.WriteAsync("PONG\0"u8.ToArray());
                return;
            }
            await stream.ReadExactlyAsync(command.AsMemory(6, 4));
            Assert.Equal("zINSTREAM\0", Encoding.ASCII.GetString(command));
            var content = new MemoryStream();
            for (var chunk = await Chunk(stream); chunk.Length > 0; chunk = await Chunk(stream)) content.Write(chunk);
            await stream.WriteAsync(content.ToArray().AsSpan().IndexOf(Signature) >= 0 ? "stream: Test.Signature FOUND\0"u8.ToArray() : "stream: OK\0"u8.ToArray());
        }
    }

    private static async Task<byte[]> Chunk(NetworkStream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length);
        var chunk = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(chunk);
        return chunk;
    }
}

public sealed class ScannedFixture : DocumentFixture
{
    internal Clamd Clamd { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Document:Clamd", $"127.0.0.1:{Clamd.Port}")];

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) Clamd.Dispose();
    }
}

public sealed class ScannerTests(ScannedFixture service) : IClassFixture<ScannedFixture>
{
    private HttpClient Me { get; } = service.Candidate(Guid.NewGuid());

    [Fact]
    public async Task A_file_the_scanner_finds_nothing_in_is_clean()
    {
        var document = await service.Decided(Me, Files.Jpeg(comment: new byte[60_000]));

        Assert.Equal((DocumentState.Ready, ScanState.Clean), (document.State, document.Scan));
    }

    [Fact]
    public async Task A_file_the_scanner_finds_something_in_is_rejected()
    {
        var document = await service.Decided(Me, Files.Jpeg(comment: Clamd.Signature));

        Assert.Equal((DocumentState.Rejected, ScanState.Infected, "infected"), (document.State, document.Scan, document.RejectedFor));
    }

    [Fact]
    public async Task While_the_scanner_is_away_an_upload_waits_in_quarantine_and_health_says_so()
    {
        service.Clamd.Stop();
        var id = await DocumentFixture.Uploaded(Me);
        await Until.Async(async () => (await service.Row(id)).ReleaseAttempts > 0, what: "the scanner was tried");
        Assert.Equal(DocumentState.Quarantined, (await service.Row(id)).State);
        Assert.Equal("Degraded", await service.Anonymous().GetStringAsync("/health"));

        service.Clamd.StartAgain();
        service.Clock.Advance(TimeSpan.FromMinutes(2));

        await Until.Async(async () => (await service.Row(id)).State == DocumentState.Ready, what: "the upload is released after all");
    }
}

public sealed class NoScannerTests(DocumentFixture service) : IClassFixture<DocumentFixture>
{
    [Fact]
    public async Task Without_a_scanner_uploads_are_shown_as_not_scanned_and_health_is_degraded()
    {
        var me = service.Candidate(Guid.NewGuid());
        var id = (await service.Decided(me)).Id;

        Assert.Contains("\"scan\":\"notScanned\"", await me.GetStringAsync($"/api/documents/{id}"));
        Assert.Equal("Degraded", await service.Anonymous().GetStringAsync("/health"));
    }
}
