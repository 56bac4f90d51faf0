using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Documents.Tests;

/// <summary>tus 1.0: an upload that goes on where the line broke.</summary>
public sealed class ResumeUploadTests(SocketFixture service) : IClassFixture<SocketFixture>
{
    private readonly Guid me = Guid.NewGuid();
    private HttpClient Me => By(me);
    private static readonly byte[] Picture = Files.Jpeg(comment: RandomNumberGenerator.GetBytes(60_000));

    [Fact]
    public async Task What_came_in_parts_over_a_broken_line_is_the_same_file_and_ready_like_any_other()
    {
        var address = await Started(Picture.Length);
        await SendHalf(address, Picture[..20_000]);
        await Until.Async(async () => await Offset(address) != "0", what: "what arrived is kept");
        var arrived = int.Parse((await Offset(address))!, CultureInfo.InvariantCulture);

        Assert.InRange(arrived, 1, 20_000);
        Assert.Equal("40000", Header(await Send(address, arrived, new ByteArrayContent(Picture[arrived..40_000])), "Upload-Offset"));
        var last = await Send(address, 40_000, new ByteArrayContent(Picture[40_000..]));

        Assert.Equal((HttpStatusCode.NoContent, $"{Picture.Length}"), (last.StatusCode, Header(last, "Upload-Offset")));
        var id = Guid.Parse(address.Split('/')[^1]);
        await Until.Async(async () => (await service.Row(id)).State == DocumentState.Ready, what: "it leaves quarantine");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Picture)), (await service.Row(id)).Sha256);
        Assert.Equal(Picture, await service.Kept(id));
        Assert.Equal(($"{Picture.Length}", 1), (await Offset(address), Directory.EnumerateFiles(service.StorePath, "*", SearchOption.AllDirectories).Count(file => new FileInfo(file).LastWriteTimeUtc >= started.UtcDateTime)));
    }

    [Fact]
    public async Task A_part_that_does_not_go_on_where_the_last_one_ended_is_409()
    {
        var address = await Started(Picture.Length);
        await Send(address, 0, new ByteArrayContent(Picture[..1000]));

        foreach (var offset in (long[])[0, 999, 1001])
        {
            var refused = await Send(address, offset, new ByteArrayContent(Picture[..1000]));
            Assert.Equal((HttpStatusCode.Conflict, "urn:exam:upload-offset"), (refused.StatusCode, await refused.Code()));
        }
        Assert.Equal("1000", await Offset(address));
    }

    [Fact]
    public async Task Too_large_is_413_when_it_is_announced_and_when_more_comes_than_was()
    {
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Start((20 << 20) + 1)).StatusCode);
        var address = await Started(1000);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Send(address, 0, new ByteArrayContent(new byte[1001]))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Send(address, 0, new StreamContent(new NoLength(new byte[1001])))).StatusCode);
        Assert.Equal("0", await Offset(address));
    }

    [Fact]
    public async Task Another_persons_upload_is_404()
    {
        var address = await Started(Picture.Length);
        var other = By(Guid.NewGuid());

        Assert.Equal(HttpStatusCode.NotFound, (await Send(address, 0, new ByteArrayContent(Picture), by: other)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Head(address, other)).StatusCode);
        await Send(address, 0, new ByteArrayContent(Picture));
        Assert.Equal(HttpStatusCode.NotFound, (await Head(address, other)).StatusCode);
    }

    [Fact]
    public async Task A_part_that_is_not_what_its_checksum_says_is_460_and_not_kept()
    {
        var address = await Started(Picture.Length);

        Assert.Equal(460, (int)(await Send(address, 0, new ByteArrayContent(Picture[..1000]), checksum: SHA256.HashData("other"u8))).StatusCode);
        Assert.Equal("0", await Offset(address));
        Assert.Equal(204, (int)(await Send(address, 0, new ByteArrayContent(Picture[..1000]), checksum: SHA256.HashData(Picture[..1000]))).StatusCode);
    }

    [Fact]
    public async Task What_is_not_finished_in_time_is_gone_with_its_parts()
    {
        var address = await Started(Picture.Length);
        var (id, before) = (Guid.Parse(address.Split('/')[^1]), service.Clock.Now);
        await Send(address, 0, new ByteArrayContent(Picture[..1000]));
        var part = await service.Query(db => db.UploadParts.Where(p => p.UploadId == id).Select(p => p.FileId).SingleAsync());
        await Sweep(part);
        Assert.NotNull(service.FileOf(part));

        service.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.NotFound, (await Head(address)).StatusCode);
        await Sweep(part);

        Assert.Null(service.FileOf(part));
        Assert.Equal(0, await service.Query(db => db.UploadParts.CountAsync(p => p.UploadId == id)));
        service.Clock.Now = before;
    }

    [Fact]
    public async Task One_that_was_whole_when_the_process_died_is_finished_when_it_is_looked_at()
    {
        var address = await Started(Picture.Length);
        var id = Guid.Parse(address.Split('/')[^1]);
        await Send(address, 0, new ByteArrayContent(Picture[..^1]));
        var part = Guid.NewGuid();
        await service.Services.GetRequiredService<IFileStore>().PutAsync(part, new MemoryStream(Picture[^1..]), CancellationToken.None);
        await service.Query(db => db.Database.ExecuteSqlAsync($"insert into upload_parts (upload_id, \"offset\", file_id, bytes) values ({id}, {Picture.Length - 1}, {part}, 1)"));

        Assert.Equal($"{Picture.Length}", await Offset(address));
        Assert.Equal(Picture.Length, (await service.Row(id)).Bytes);
    }

    [Fact]
    public async Task The_same_start_told_twice_is_one_upload_and_the_protocols_version_is_asked_for()
    {
        var (first, again) = (await Start(500, key: "same-500"), await Start(500, key: "same-500"));
        Assert.Equal(first.Headers.Location, again.Headers.Location);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/documents/uploads?kind=document") { Headers = { { "Tus-Resumable", "0.2.2" }, { "Upload-Length", "5" } } };
        var refused = await Me.SendAsync(request);
        Assert.Equal((412, "1.0.0"), ((int)refused.StatusCode, Header(refused, "Tus-Version")));
    }

    [Fact]
    public async Task Who_leaves_too_many_unfinished_starts_no_more()
    {
        var most = service.Services.GetRequiredService<IOptions<DocumentOptions>>().Value.MaxUnfinished;
        for (var n = 0; n < most; n++) await Started(1000);

        var refused = await Start(1000);

        Assert.Equal((HttpStatusCode.Conflict, "urn:exam:too-many-unfinished"), (refused.StatusCode, await refused.Code()));
    }

    [Fact]
    public async Task An_officer_starts_nothing_for_who_gave_no_consent_there()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/documents/uploads?kind=document&for={me}")
        {
            Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Length", "1000" }, { "Upload-Metadata", $"filetype {Convert.ToBase64String("image/jpeg"u8)}" } },
        };
        var desk = service.Officer("site", "110000/110100/");
        desk.BaseAddress = service.Address;

        Assert.Contains("no-consent", await (await desk.SendAsync(request)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(await service.Query(db => db.UnfinishedUploads.AnyAsync(u => u.CandidateId == me)));
    }

    [Fact]
    public void An_upload_comes_in_so_many_parts_and_no_more()
    {
        var upload = UnfinishedUpload.Start(me, new(me, DocumentKind.Document, null), "image/jpeg", 10_000, service.Clock.Now.AddDays(1), service.Clock.Now);
        for (var n = 0; n < UnfinishedUpload.MostParts; n++) Assert.Null(upload.Take(Guid.NewGuid(), n, 1, service.Clock.Now.AddDays(1)));

        Assert.Equal("too-many-parts", upload.Take(Guid.NewGuid(), UnfinishedUpload.MostParts, 1, service.Clock.Now.AddDays(1))?.Code);
    }

    private readonly DateTimeOffset started = DateTimeOffset.UtcNow;

    private HttpClient By(Guid person)
    {
        var client = service.Candidate(person);
        client.BaseAddress = service.Address;
        return client;
    }

    private async Task Sweep(Guid part)
    {
        File.SetLastWriteTimeUtc(service.FileOf(part)!, DateTime.UtcNow.AddDays(-2));
        await service.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Features.SweepDocuments>().Single().Sweep(CancellationToken.None);
    }

    private async Task<string> Started(long length)
    {
        var answer = await Start(length);
        Assert.Equal((HttpStatusCode.Created, "0", "1.0.0"), (answer.StatusCode, Header(answer, "Upload-Offset"), Header(answer, "Tus-Resumable")));
        Assert.Equal(service.Clock.Now.AddDays(1).ToString("R", CultureInfo.InvariantCulture), Header(answer, "Upload-Expires"));
        return answer.Headers.Location!.OriginalString;
    }

    private async Task<HttpResponseMessage> Start(long length, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/documents/uploads?kind=document")
        {
            Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Length", length.ToString(CultureInfo.InvariantCulture) }, { "Upload-Metadata", $"filename eA==,filetype {Convert.ToBase64String("image/jpeg"u8)}" } },
        };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await Me.SendAsync(request);
    }

    private async Task<HttpResponseMessage> Send(string address, long offset, HttpContent content, HttpClient? by = null, byte[]? checksum = null)
    {
        content.Headers.ContentType = new("application/offset+octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Patch, address) { Content = content, Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Offset", offset.ToString(CultureInfo.InvariantCulture) } } };
        if (checksum is not null) request.Headers.Add("Upload-Checksum", $"sha256 {Convert.ToBase64String(checksum)}");
        return await (by ?? Me).SendAsync(request);
    }

    /// <summary>Says that all comes, sends a part, and is reset.</summary>
    private async Task SendHalf(string address, byte[] sent)
    {
        using var client = new TcpClient { LingerState = new(true, 0) };
        await client.ConnectAsync(service.Address.Host, service.Address.Port);
        var head = $"PATCH {address} HTTP/1.1\r\nHost: {service.Address.Authority}\r\nAuthorization: {Me.DefaultRequestHeaders.Authorization}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {Picture.Length}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        await client.GetStream().WriteAsync(sent);
        await Until.Async(() => Task.FromResult(Directory.EnumerateFiles(service.StorePath, "*.part", SearchOption.AllDirectories).Any()), what: "the part has begun");
    }

    private async Task<HttpResponseMessage> Head(string address, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, address) { Headers = { { "Tus-Resumable", "1.0.0" } } };
        return await (by ?? Me).SendAsync(request);
    }

    private async Task<string?> Offset(string address) => Header(await Head(address), "Upload-Offset");

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private sealed class NoLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
