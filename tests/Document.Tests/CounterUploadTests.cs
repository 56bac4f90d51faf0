using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents.Tests;

public sealed class CounterUploadTests : IClassFixture<DocumentFixture>
{
    private readonly DocumentFixture service;
    private readonly Guid person = Guid.NewGuid(), officer = Guid.NewGuid();

    public CounterUploadTests(DocumentFixture service)
    {
        this.service = service;
        service.Consented.Add(person);
    }

    private HttpClient Desk => service.Officer("site", "110000/110100/", officer);

    [Theory]
    [InlineData("site", "110000/110100/")]
    [InlineData("area", "110000/")]
    public async Task What_a_city_or_a_province_brings_is_the_candidates_and_the_officer_is_kept(string level, string areaPath)
    {
        var id = await Uploaded(service.Officer(level, areaPath, officer), $"?kind=document&for={person}");

        var row = await service.Row(id);
        Assert.Equal((person, officer, DocumentKind.Document), (row.CandidateId, row.UploadedBy, row.Kind));
        var own = Assert.Single((await service.Candidate(person).GetFromJsonAsync<JsonElement>("/api/documents")).GetProperty("items").EnumerateArray());
        Assert.Equal((id, officer), (own.GetProperty("id").GetGuid(), own.GetProperty("uploadedBy").GetGuid()));
        Assert.Equal(HttpStatusCode.NoContent, (await service.Candidate(person).DeleteAsync($"/api/documents/{id}")).StatusCode);
    }

    [Theory]
    [InlineData("?kind=document&for={other}")]
    [InlineData("?kind=document&for={me}")]
    [InlineData("?kind=consent")]
    public async Task A_candidate_uploads_for_nobody_else_and_no_consent(string query)
    {
        var answer = await Post(service.Candidate(person), query.Replace("{me}", $"{person}", StringComparison.Ordinal).Replace("{other}", $"{officer}", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.Forbidden, "urn:exam:not-allowed"), (answer.StatusCode, await answer.Code()));
        Assert.Equal(0, await service.RowsOf(person));
    }

    [Theory]
    [InlineData("national", "")]
    [InlineData("point", "110000/110100/110101/")]
    public async Task Other_levels_bring_nothing(string level, string areaPath)
    {
        foreach (var query in (string[])[$"?kind=document&for={person}", "?kind=consent"])
            Assert.Equal("urn:exam:wrong-level", await (await Post(service.Officer(level, areaPath), query)).Code());
    }

    [Theory]
    [InlineData("?kind=document", "required")]
    [InlineData("?kind=photo&for=nobody", "not-an-id")]
    [InlineData("?kind=document&for=00000000-0000-0000-0000-000000000001", "no-consent")]
    [InlineData("?kind=consent&for=00000000-0000-0000-0000-000000000001", "consent-first")]
    public async Task An_officer_says_for_which_candidate_and_before_anything_is_stored(string query, string code)
    {
        var before = Directory.GetFiles(service.StorePath, "*", SearchOption.AllDirectories).Length;

        var answer = await Post(Desk, query);

        var fault = Assert.Single((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray());
        Assert.Equal((400, "#/for", code), ((int)answer.StatusCode, fault.GetProperty("pointer").GetString(), fault.GetProperty("code").GetString()));
        Assert.Equal(before, Directory.GetFiles(service.StorePath, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task While_identity_is_away_the_upload_is_to_be_repeated()
    {
        service.IdentityAway = true;

        var answer = await Post(Desk, $"?kind=document&for={person}");
        service.IdentityAway = false;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(0, await service.RowsOf(person));
    }

    [Fact]
    public async Task The_officer_sees_what_they_brought_until_a_submission_holds_it_and_each_look_is_recorded()
    {
        var id = await Uploaded(Desk, $"?kind=document&for={person}");

        Assert.Equal(HttpStatusCode.OK, (await Desk.GetAsync($"/api/documents/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Officer("site", "110000/110100/").GetAsync($"/api/documents/{id}")).StatusCode);
        await service.Deliver(new ApplicationSubmitted(Guid.NewGuid(), person, 1, "BM", 1, "2027", "350000/350100/", [id], service.Clock.Now));
        Assert.Equal(HttpStatusCode.NotFound, (await Desk.GetAsync($"/api/documents/{id}")).StatusCode);

        var look = await service.Query(db => db.Looks.SingleAsync(l => l.DocumentId == id));
        Assert.Equal((officer, null, "description"), (look.OfficerId, look.ApplicationId, look.Part));
    }

    [Fact]
    public async Task What_the_candidate_took_back_the_officer_sees_no_more()
    {
        var id = await Uploaded(Desk, $"?kind=document&for={person}");

        await service.Candidate(person).DeleteAsync($"/api/documents/{id}");

        Assert.Equal(HttpStatusCode.NotFound, (await Desk.GetAsync($"/api/documents/{id}")).StatusCode);
    }

    [Fact]
    public async Task A_consent_lies_with_the_officer_until_a_registration_names_it_and_then_stays_with_the_person()
    {
        var id = await Uploaded(Desk, "?kind=consent");
        Assert.Equal(officer, (await service.Row(id)).CandidateId);

        for (var n = 0; n < 2; n++) await service.Deliver(new ConsentGiven(person, id, officer, service.Clock.Now));

        var scan = await service.Row(id);
        Assert.Equal((person, officer), (scan.CandidateId, scan.UploadedBy));
        Assert.Single(scan.History, entry => entry.Reason == "handed-over");
        Assert.Equal(HttpStatusCode.OK, (await service.Candidate(person).GetAsync($"/api/documents/{id}")).StatusCode);
        Assert.Equal("urn:exam:consent-kept", await (await service.Candidate(person).DeleteAsync($"/api/documents/{id}")).Code());
    }

    [Fact]
    public async Task A_consent_is_handed_over_once_and_only_from_the_officer_who_brought_it()
    {
        var id = await Uploaded(Desk, "?kind=consent");
        await service.Deliver(new ConsentGiven(Guid.NewGuid(), id, Guid.NewGuid(), service.Clock.Now));
        Assert.Equal(officer, (await service.Row(id)).CandidateId);
        await service.Deliver(new ConsentGiven(person, id, officer, service.Clock.Now));

        await service.Deliver(new ConsentGiven(Guid.NewGuid(), id, officer, service.Clock.Now));

        Assert.Equal(person, (await service.Row(id)).CandidateId);
    }

    [Fact]
    public async Task Nothing_but_a_consent_is_handed_over()
    {
        var id = await Uploaded(Desk, $"?kind=document&for={person}");

        await service.Deliver(new ConsentGiven(Guid.NewGuid(), id, officer, service.Clock.Now));

        Assert.Equal(person, (await service.Row(id)).CandidateId);
    }

    private static Task<HttpResponseMessage> Post(HttpClient by, string query) => by.PostAsync("/api/documents" + query, DocumentFixture.Content(Files.Jpeg()));

    /// <summary>An upload that has left quarantine.</summary>
    private async Task<Guid> Uploaded(HttpClient by, string query)
    {
        var answer = await Post(by, query);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        await Until.Async(async () => (await service.Row(id)).State is DocumentState.Ready, what: "the upload is released");
        return id;
    }
}
