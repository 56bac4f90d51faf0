using System.Net;
using ExamPlatform.Documents.Contracts;
using Grpc.Core;
using Grpc.Net.Client;

namespace ExamPlatform.Documents.Tests;

/// <summary>Files of articles: officers bring them, everybody opens them by a link that the article gives.</summary>
public sealed class AttachmentTests(DocumentFixture service) : IClassFixture<DocumentFixture>
{
    private const string Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Xls = "application/vnd.ms-excel", Zip = "application/zip";
    private static readonly byte[] Packed = [.. "PK\u0003\u0004"u8, .. new byte[300], .. "PK\u0005\u0006"u8, .. new byte[18]];
    private static readonly byte[] Compound = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[20], 0xFE, 0xFF, .. new byte[482 + 512]];

    [Fact]
    public async Task A_file_of_each_kind_is_taken_in_and_opened_to_be_saved_under_its_name()
    {
        foreach (var (content, type) in ((byte[], string)[])[(Packed, Docx), (Packed, Zip), (Compound, Xls), (Files.Pdf(), Inspection.Pdf)])
        {
            var file = await service.Decided(National, content, type, "attachment");
            Assert.Equal((DocumentState.Ready, type), (file.State, file.ContentType));

            var opened = await service.Anonymous().GetAsync(await Link(file.Id, "报名表"));

            Assert.Equal(content, await opened.Content.ReadAsByteArrayAsync());
            Assert.Equal(("attachment", type), (opened.Content.Headers.ContentDisposition!.DispositionType, opened.Content.Headers.ContentType!.MediaType));
            Assert.Contains("sandbox", string.Join(' ', opened.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }
    }

    public static TheoryData<byte[], string> Unfit => new() { { Compound, Docx }, { Packed, Xls }, { Packed[..200], Zip }, { Compound[..600], Xls }, { Files.Pdf(), Zip }, { [.. Compound[..28], 0, 0, .. Compound[30..]], Xls } };

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task What_is_not_what_it_says_or_not_whole_is_rejected_and_linked_by_nobody(byte[] content, string type)
    {
        var file = await service.Decided(National, content, type, "attachment");

        Assert.Equal(DocumentState.Rejected, file.State);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => Link(file.Id, "x"))).StatusCode);
    }

    [Fact]
    public async Task A_link_ends_after_five_minutes_and_a_changed_one_is_none()
    {
        var link = await Link((await service.Decided(National, Packed, Zip, "attachment")).Id, "x.zip");
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().GetAsync(link[..^2] + "AA")).StatusCode);

        service.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().GetAsync(link)).StatusCode);
    }

    [Fact]
    public async Task A_candidates_document_is_never_linked_as_a_file_for_everybody()
    {
        var own = await service.Decided(service.Candidate(Guid.NewGuid()));

        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => Link(own.Id, "x"))).StatusCode);
    }

    [Fact]
    public async Task Only_officers_who_publish_bring_files_of_articles()
    {
        foreach (var person in (HttpClient[])[service.Candidate(Guid.NewGuid()), service.Officer("point", "110000/110100/110101/")])
            Assert.Equal(HttpStatusCode.Forbidden, (await person.PostAsync("/api/documents?kind=attachment", DocumentFixture.Content(Packed, Zip))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await National.PostAsync($"/api/documents?kind=attachment&for={Guid.NewGuid()}", DocumentFixture.Content(Packed, Zip))).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await National.PostAsync("/api/documents?kind=attachment", DocumentFixture.Content("x"u8.ToArray(), "text/html"))).StatusCode);
    }

    private HttpClient National => service.Officer("national", "");

    private async Task<string> Link(Guid id, string name)
    {
        using var channel = GrpcChannel.ForAddress(service.Server.BaseAddress, new() { HttpHandler = service.Server.CreateHandler() });
        return (await new DocumentAnswers.DocumentAnswersClient(channel).LinkAttachmentAsync(new() { DocumentId = id.ToString(), Name = name }, new Metadata { { "x-platform-key", "the-key-of-the-test-process" } })).Address;
    }
}
