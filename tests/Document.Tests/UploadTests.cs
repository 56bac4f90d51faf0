using System.Net;
using System.Security.Cryptography;
using ExamPlatform.Documents.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Tests;

public sealed class UploadTests(DocumentFixture service) : IClassFixture<DocumentFixture>
{
    private readonly Guid me = Guid.NewGuid();
    private HttpClient Me => service.Candidate(me);

    [Fact]
    public async Task An_upload_leaves_quarantine_with_its_type_dimensions_and_hash_and_says_so()
    {
        var document = await service.Decided(Me, Files.Jpeg(413, 531), kind: "photo");

        Assert.Equal((DocumentState.Ready, "image/jpeg", 413, 531), (document.State, document.ContentType, document.Width, document.Height));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Files.Jpeg(413, 531))), document.Sha256);
        Assert.Equal(ScanState.NotScanned, document.Scan);
        var told = Assert.Single(await service.Published<DocumentReady>(document.Id));
        Assert.Equal((me, "photo"), (told.CandidateId, told.Kind));
    }

    [Fact]
    public async Task A_file_that_is_not_what_it_says_is_rejected_and_said_so()
    {
        var document = await service.Decided(Me, Files.Png(), "image/jpeg");

        Assert.Equal((DocumentState.Rejected, "wrong-type"), (document.State, document.RejectedFor));
        Assert.Equal("wrong-type", Assert.Single(await service.Published<DocumentRejected>(document.Id)).Reason);
        Assert.Equal("urn:exam:document-rejected", await (await Me.Open(document.Id)).Code());
    }

    [Theory]
    [InlineData("document", "image/svg+xml")]
    [InlineData("document", "text/html")]
    [InlineData("document", null)]
    [InlineData("photo", "application/pdf")]
    public async Task A_type_that_is_not_taken_in_is_415(string kind, string? type)
    {
        var answer = await Me.PostAsync($"/api/documents?kind={kind}", DocumentFixture.Content(Files.Pdf(), type));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal("urn:exam:unsupported-media-type", await answer.Code());
        Assert.Equal(0, await service.RowsOf(me));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?kind=passport")]
    public async Task An_unknown_kind_is_400_at_its_field(string query)
    {
        var answer = await Me.PostAsync("/api/documents" + query, DocumentFixture.Content(Files.Jpeg()));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("#/kind", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(0, true, 400, "empty-upload")]
    [InlineData(0, false, 400, "empty-upload")]
    [InlineData((20 << 20) + 1, true, 413, "too-large")]
    [InlineData((20 << 20) + 1, false, 413, "too-large")]
    public async Task A_body_of_a_wrong_size_leaves_nothing_behind(int bytes, bool lengthDeclared, int status, string code)
    {
        var before = FilesInStore();

        var answer = await Me.PostAsync("/api/documents?kind=document", new Body(new byte[bytes], lengthDeclared ? bytes : null));

        Assert.Equal((status, "urn:exam:" + code), ((int)answer.StatusCode, await answer.Code()));
        Assert.Equal(0, await service.RowsOf(me));
        Assert.DoesNotContain(FilesInStore().Except(before), file => new FileInfo(file).Length is 0 or > 1 << 20);
    }

    [Fact]
    public async Task A_body_that_ends_before_its_declared_length_is_400_and_leaves_nothing_behind()
    {
        var picture = Files.Jpeg(comment: new byte[12_345]);

        var answer = await Me.PostAsync("/api/documents?kind=document", new Body(picture[..9_999], picture.Length));

        Assert.Equal((400, "urn:exam:truncated-upload"), ((int)answer.StatusCode, await answer.Code()));
        Assert.Equal(0, await service.RowsOf(me));
        Assert.DoesNotContain(FilesInStore(), file => new FileInfo(file).Length == DocumentFixture.OnDisk(9_999));
    }

    [Fact]
    public async Task A_file_of_exactly_the_limit_is_taken_in()
    {
        byte[] picture = [.. Files.Jpeg(), .. new byte[(20 << 20) - Files.Jpeg().Length]];

        Assert.Equal(DocumentState.Ready, (await service.Decided(Me, picture)).State);
    }

    [Fact]
    public async Task The_same_key_and_content_is_one_upload_and_one_file()
    {
        var first = await Post(Files.Jpeg(), "key-1");
        var again = await Post(Files.Jpeg(), "key-1");

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        var id = await service.Query(db => db.Documents.Where(d => d.CandidateId == me).Select(d => d.Id).SingleAsync());
        Assert.NotNull(service.FileOf(id));
    }

    [Fact]
    public async Task The_same_key_with_other_content_is_422_and_leaves_nothing_behind()
    {
        await Post(Files.Jpeg(), "key-2");

        var other = await Post(Files.Jpeg(comment: new byte[7_777]), "key-2");

        Assert.Equal("urn:exam:idempotency-key-reused", await other.Code());
        Assert.Equal(1, await service.RowsOf(me));
        Assert.DoesNotContain(FilesInStore(), file => new FileInfo(file).Length == DocumentFixture.OnDisk(Files.Jpeg(comment: new byte[7_777]).Length));
    }

    [Fact]
    public async Task Nobody_uploads_without_a_candidates_or_an_officers_token()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Anonymous().PostAsync("/api/documents?kind=document", DocumentFixture.Content(Files.Jpeg()))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Operator().PostAsync("/api/documents?kind=document", DocumentFixture.Content(Files.Jpeg()))).StatusCode);
    }

    [Fact]
    public async Task The_API_document_says_which_types_an_upload_may_have()
    {
        var document = await service.Anonymous().GetStringAsync("/openapi/v1.json");

        Assert.Contains("\"application/pdf\"", document);
        Assert.Contains("\"binary\"", document);
    }

    private async Task<HttpResponseMessage> Post(byte[] content, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/documents?kind=document") { Content = DocumentFixture.Content(content), Headers = { { "Idempotency-Key", key } } };
        return await Me.SendAsync(request);
    }

    private List<string> FilesInStore() => [.. Directory.EnumerateFiles(service.StorePath, "*", SearchOption.AllDirectories)];

    /// <summary>A JPEG's body that says of its length what the test wants.</summary>
    private sealed class Body : HttpContent
    {
        private readonly byte[] sent;
        private readonly long? declared;

        public Body(byte[] sent, long? declared)
        {
            (this.sent, this.declared) = (sent, declared);
            Headers.ContentType = new("image/jpeg");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(sent).AsTask();

        protected override bool TryComputeLength(out long length) => (length = declared ?? 0) >= 0 && declared is not null;
    }
}
