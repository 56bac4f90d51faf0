using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Documents.Contracts;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Tests;

public sealed class AccessTests(DocumentFixture service) : IClassFixture<DocumentFixture>
{
    private readonly Guid me = Guid.NewGuid();
    private HttpClient Me => service.Candidate(me);

    [Fact]
    public async Task Someone_elses_upload_is_404_on_every_route()
    {
        var id = (await service.Decided(Me)).Id;
        var other = service.Candidate(Guid.NewGuid());

        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/documents/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Open(id)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync($"/api/documents/{id}")).StatusCode);
        Assert.DoesNotContain(id.ToString(), await other.GetStringAsync("/api/documents"));
        Assert.Equal(HttpStatusCode.NotFound, (await service.Operator().Open(id)).StatusCode);
    }

    [Fact]
    public async Task The_owner_gets_the_same_bytes_under_headers_that_let_no_browser_guess()
    {
        var document = await service.Decided(Me, Files.Png(), "image/png");

        var answer = await Me.Open(document.Id);

        Assert.Equal(Files.Png(), await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal($"{document.Id}.png", answer.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task An_officer_opens_what_a_submission_in_the_jurisdiction_holds_and_each_look_is_recorded()
    {
        var id = (await service.Decided(Me)).Id;
        var officerId = Guid.NewGuid();
        var officer = service.Officer("site", "110000/110100/", officerId);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync($"/api/documents/{id}")).StatusCode);
        var submitted = Submitted(me, id);
        await service.Deliver(submitted);

        Assert.Equal(HttpStatusCode.OK, (await officer.GetAsync($"/api/documents/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await officer.Open(id)).StatusCode);

        var looks = await service.Query(db => db.Looks.Where(l => l.DocumentId == id).OrderBy(l => l.Id).ToListAsync());
        Assert.Equal([("description", officerId, submitted.ApplicationId), ("content", officerId, submitted.ApplicationId)], looks.Select(l => (l.Part, l.OfficerId, l.ApplicationId)));
    }

    [Fact]
    public async Task The_owner_is_told_of_each_officers_look_and_nobody_else_is()
    {
        var (id, officer) = ((await service.Decided(Me)).Id, Guid.NewGuid());
        await service.Deliver(Submitted(me, id));
        await service.Officer("site", "110000/110100/", officer).Open(id);
        await Me.Open(id); // one's own look is none

        var look = Assert.Single((await Me.GetFromJsonAsync<JsonElement>("/api/documents/looks")).EnumerateArray(), l => l.GetProperty("documentId").GetGuid() == id);

        Assert.Equal((officer, "site", "110000/110100/", "content"), (look.GetProperty("officerId").GetGuid(), look.GetProperty("level").GetString(), look.GetProperty("areaPath").GetString(), look.GetProperty("part").GetString()));
        Assert.Empty((await service.Candidate(Guid.NewGuid()).GetFromJsonAsync<JsonElement>("/api/documents/looks")).EnumerateArray());
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Officer("site", "110000/110100/", officer).GetAsync("/api/documents/looks")).StatusCode);
    }

    [Fact]
    public async Task A_link_opens_one_upload_for_five_minutes_without_a_token_and_each_look_by_it_is_the_officers()
    {
        var id = (await service.Decided(Me)).Id;
        var officer = Guid.NewGuid();
        await service.Deliver(Submitted(me, id));
        var (address, until, before) = (await Link(service.Officer("site", "110000/110100/", officer), id), service.Clock.Now.AddMinutes(5), service.Clock.Now);

        Assert.Equal(0, await service.Query(db => db.Looks.CountAsync(l => l.DocumentId == id)));
        Assert.Equal(Files.Jpeg(), await service.Anonymous().GetByteArrayAsync(address));
        Assert.Equal(("content", officer), await service.Query(async db => await db.Looks.Where(l => l.DocumentId == id).Select(l => new ValueTuple<string, Guid>(l.Part, l.OfficerId)).SingleAsync()));
        service.Clock.Now = until.AddSeconds(-1);
        Assert.Equal(HttpStatusCode.OK, (await service.Anonymous().GetAsync(address)).StatusCode);
        service.Clock.Now = until;
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().GetAsync(address)).StatusCode);
        service.Clock.Now = before;
    }

    [Fact]
    public async Task A_changed_link_somebody_elses_and_one_to_what_was_deleted_since_open_nothing()
    {
        var id = (await service.Decided(Me)).Id;
        var address = await Link(Me, id);

        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().GetAsync(address[..^2] + (address[^2] == 'A' ? "B" : "A") + address[^1])).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().GetAsync("/api/documents/links/AAAA")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Candidate(Guid.NewGuid()).GetAsync(address)).StatusCode);
        await Me.DeleteAsync($"/api/documents/{id}");
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anonymous().GetAsync(address)).StatusCode);
    }

    private static async Task<string> Link(HttpClient person, Guid id) =>
        (await (await person.PostAsync($"/api/documents/{id}/link", null)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("address").GetString()!;

    [Theory]
    [InlineData("area", "110000/", HttpStatusCode.OK)]
    [InlineData("national", "", HttpStatusCode.OK)]
    [InlineData("site", "110000/110200/", HttpStatusCode.NotFound)]
    [InlineData("area", "350000/", HttpStatusCode.NotFound)]
    public async Task Only_officers_whose_area_covers_the_submission_may_look(string level, string areaPath, HttpStatusCode status)
    {
        var id = (await service.Decided(Me)).Id;
        await service.Deliver(Submitted(me, id));

        Assert.Equal(status, (await service.Officer(level, areaPath).Open(id)).StatusCode);
    }

    [Fact]
    public async Task A_submission_opens_only_its_candidates_own_uploads()
    {
        var id = (await service.Decided(Me)).Id;

        await service.Deliver(Submitted(Guid.NewGuid(), id));

        Assert.Equal(HttpStatusCode.NotFound, (await service.Officer("national", "").GetAsync($"/api/documents/{id}")).StatusCode);
        Assert.False((await service.Row(id)).Submitted);
    }

    [Fact]
    public async Task A_submitted_upload_is_not_deleted_and_another_is()
    {
        var (held, free) = ((await service.Decided(Me)).Id, (await service.Decided(Me)).Id);
        await service.Deliver(Submitted(me, held));

        Assert.Equal("urn:exam:document-submitted", await (await Me.DeleteAsync($"/api/documents/{held}")).Code());
        Assert.Equal(HttpStatusCode.NoContent, (await Me.DeleteAsync($"/api/documents/{free}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Me.GetAsync($"/api/documents/{free}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Me.DeleteAsync($"/api/documents/{free}")).StatusCode);
    }

    [Fact]
    public async Task The_same_submission_told_ten_times_holds_an_upload_once()
    {
        var id = (await service.Decided(Me)).Id;
        var (submitted, messageId) = (Submitted(me, id), Guid.NewGuid());

        for (var n = 0; n < 10; n++) await service.Deliver(submitted, messageId);

        Assert.Equal(1, await service.Query(db => db.Holdings.CountAsync(h => h.DocumentId == id)));
    }

    [Fact]
    public async Task Another_service_learns_the_state_of_the_candidates_own_uploads_only()
    {
        var (mine, others) = (await service.Decided(Me), await service.Decided(service.Candidate(Guid.NewGuid())));
        using var channel = GrpcChannel.ForAddress(service.Server.BaseAddress, new() { HttpHandler = service.Server.CreateHandler() });
        var request = new GetDocumentsRequest { CandidateId = me.ToString(), DocumentIds = { mine.Id.ToString(), others.Id.ToString(), "no id" } };

        var reply = await new DocumentAnswers.DocumentAnswersClient(channel).GetDocumentsAsync(request, new Metadata { { "x-platform-key", "the-key-of-the-test-process" } });

        var state = Assert.Single(reply.Documents);
        Assert.Equal((mine.Id.ToString(), "document", "ready", "image/jpeg", mine.Sha256), (state.DocumentId, state.Kind, state.State, state.ContentType, state.Sha256));
    }

    private static ApplicationSubmitted Submitted(Guid candidate, Guid document) =>
        new(Guid.NewGuid(), candidate, 1, "HP", 1, "2027", "110000/110100/", [document], DateTimeOffset.UnixEpoch);
}
