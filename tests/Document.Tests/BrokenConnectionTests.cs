using System.Net.Sockets;
using System.Text;
using ExamPlatform.Testing;

namespace ExamPlatform.Documents.Tests;

/// <summary>The service on a real socket, for what only a real connection does.</summary>
public sealed class SocketFixture : DocumentFixture
{
    public SocketFixture()
    {
        UseKestrel(0);
        StartServer();
        Address = CreateClient().BaseAddress!;
    }

    public Uri Address { get; }
}

public sealed class BrokenConnectionTests(SocketFixture service) : IClassFixture<SocketFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_breaks_in_the_body_leaves_nothing_behind(bool politely)
    {
        var me = Guid.NewGuid();
        using (var client = await Begin(me, declared: 100_000, sent: 50_000))
        {
            await Until.Async(() => Task.FromResult(FilesInStore() > 0), what: "the upload has begun");
            if (politely) client.Client.Shutdown(SocketShutdown.Send);
            else client.LingerState = new(true, 0); // a reset instead of a farewell
        }

        await Until.Async(() => Task.FromResult(FilesInStore() == 0), what: "the part is removed");
        Assert.Equal(0, await service.RowsOf(me));
    }

    [Fact]
    public async Task A_body_declared_too_large_is_refused_before_it_is_sent()
    {
        using var client = await Begin(Guid.NewGuid(), declared: (20 << 20) + 1, sent: 0);

        var answer = new byte[4096];
        var length = await client.GetStream().ReadAtLeastAsync(answer, 12, throwOnEndOfStream: false);
        Assert.StartsWith("HTTP/1.1 413", Encoding.ASCII.GetString(answer, 0, length));
    }

    private async Task<TcpClient> Begin(Guid me, int declared, int sent)
    {
        var token = service.Candidate(me).DefaultRequestHeaders.Authorization;
        var client = new TcpClient();
        await client.ConnectAsync(service.Address.Host, service.Address.Port);
        var head = $"POST /api/documents?kind=document HTTP/1.1\r\nHost: {service.Address.Authority}\r\nAuthorization: {token}\r\nContent-Type: image/jpeg\r\nContent-Length: {declared}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        await client.GetStream().WriteAsync(new byte[sent]);
        return client;
    }

    private int FilesInStore() => Directory.EnumerateFiles(service.StorePath, "*", SearchOption.AllDirectories).Count();
}
