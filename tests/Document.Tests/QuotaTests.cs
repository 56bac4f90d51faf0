using System.Net;

namespace ExamPlatform.Documents.Tests;

public sealed class SmallQuotaFixture : DocumentFixture
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, new("Document:MaxCountPerCandidate", "3"), new("Document:MaxBytesPerCandidate", "10000")];
}

public sealed class QuotaTests(SmallQuotaFixture service) : IClassFixture<SmallQuotaFixture>
{
    private readonly Guid me = Guid.NewGuid();
    private HttpClient Me => service.Candidate(me);

    [Fact]
    public async Task Parallel_uploads_together_do_not_pass_the_number_allowed()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Me.PostAsync("/api/documents?kind=document", DocumentFixture.Content(Files.Jpeg()))));

        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        Assert.Equal("urn:exam:too-many-documents", await answers.First(a => a.StatusCode == HttpStatusCode.Conflict).Code());
        Assert.Equal(3, await service.RowsOf(me));
    }

    [Fact]
    public async Task Uploads_together_do_not_pass_the_size_allowed_and_a_refusal_leaves_no_file()
    {
        await DocumentFixture.Uploaded(Me, Files.Pdf(6_000), "application/pdf");

        var refused = await Me.PostAsync("/api/documents?kind=document", DocumentFixture.Content(Files.Pdf(5_555), "application/pdf"));

        Assert.Equal("urn:exam:documents-too-large", await refused.Code());
        Assert.DoesNotContain(Directory.EnumerateFiles(service.StorePath, "*", SearchOption.AllDirectories), file => new FileInfo(file).Length == DocumentFixture.OnDisk(Files.Pdf(5_555).Length));
    }

    [Fact]
    public async Task What_an_officer_brings_counts_as_the_candidates_own()
    {
        service.Consented.Add(me);
        for (var n = 0; n < 3; n++) await DocumentFixture.Uploaded(Me);

        var refused = await service.Officer("site", "110000/110100/").PostAsync($"/api/documents?kind=document&for={me}", DocumentFixture.Content(Files.Jpeg()));

        Assert.Equal("urn:exam:too-many-documents", await refused.Code());
    }

    [Fact]
    public async Task Uploads_in_parts_count_when_they_are_whole()
    {
        var picture = Files.Jpeg();
        var addresses = new List<string>();
        for (var n = 0; n < 4; n++)
        {
            using var start = new HttpRequestMessage(HttpMethod.Post, "/api/documents/uploads?kind=document")
            {
                Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Length", $"{picture.Length}" }, { "Upload-Metadata", $"filetype {Convert.ToBase64String("image/jpeg"u8)}" } },
            };
            addresses.Add((await Me.SendAsync(start)).Headers.Location!.OriginalString);
        }

        var answers = new List<HttpStatusCode>();
        foreach (var address in addresses)
        {
            using var part = new HttpRequestMessage(HttpMethod.Patch, address)
            {
                Content = new ByteArrayContent(picture) { Headers = { ContentType = new("application/offset+octet-stream") } },
                Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Offset", "0" } },
            };
            answers.Add((await Me.SendAsync(part)).StatusCode);
        }

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.Conflict], answers);
        Assert.Equal(3, await service.RowsOf(me));
    }

    [Fact]
    public async Task Rejected_and_deleted_uploads_leave_room()
    {
        for (var n = 0; n < 3; n++) await service.Decided(Me, Files.Png(), "image/jpeg");
        for (var n = 0; n < 3; n++) await Me.DeleteAsync($"/api/documents/{(await service.Decided(Me)).Id}");

        Assert.Equal(DocumentState.Ready, (await service.Decided(Me)).State);
    }
}
