using System.Net;
using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Applications.Tests;

public sealed class SubmissionTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Fact]
    public async Task Every_fault_is_told_at_its_step_and_field_and_nothing_is_written()
    {
        var person = await (await service.APerson()).Start();
        await person.Put($"{person.Address}/area", new { area = "110000", site = "110100" });
        await person.Step("report", new { category = "medicine", level = "junior", practice = "clinical" });

        var reply = await person.Http.PostAsync($"{person.Address}/submissions", null);

        Assert.Equal(
        [
            "#/documents/diploma required", "#/documents/employment-proof required", "#/documents/practice-licence required", "#/education/entry required", "#/photo required",
            "#/report/firstRegistered required", "#/report/level not-offered", "#/report/residency required", "#/report/speciality required", "#/work/years required",
        ], await DraftTests.Faults(reply));
        Assert.Empty(await service.Query(db => db.Submissions.Where(s => s.ApplicationId == person.Application).ToListAsync()));
        Assert.Empty(await service.Published<ApplicationSubmitted>(person.Application));
    }

    [Fact]
    public async Task Unfit_uploads_are_told_at_their_place()
    {
        var person = await (await (await service.APerson()).Start()).Fill();
        var documents = new Dictionary<string, Guid>
        {
            ["diploma"] = Guid.NewGuid(),
            ["employment-proof"] = service.Documents.Upload("document", "rejected"),
            ["practice-licence"] = service.Documents.Upload("document", bytes: 50_000_000),
        };
        await person.Put($"{person.Address}/documents", new { photo = service.Documents.Upload("photo", type: "application/pdf"), documents });

        Assert.Equal(["#/documents/diploma unknown-upload", "#/documents/employment-proof upload-rejected", "#/documents/practice-licence too-large", "#/photo wrong-content-type"],
            await DraftTests.Faults(await person.Http.PostAsync($"{person.Address}/submissions", null)));
    }

    [Fact]
    public async Task An_upload_still_in_quarantine_is_waited_for()
    {
        var person = await (await (await service.APerson()).Start()).Fill();
        await person.Put($"{person.Address}/documents", new { photo = service.Documents.Upload("photo", "quarantined"), documents = person.Documents() });

        var reply = await person.Http.PostAsync($"{person.Address}/submissions", null);

        Assert.Equal((HttpStatusCode.Conflict, "urn:exam:documents-not-ready"), (reply.StatusCode, (string)(await Person.Json(reply))["type"]!));
    }

    [Fact]
    public async Task A_submission_is_an_immutable_numbered_version_with_its_messages()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        var sent = await Person.Json(await person.Http.GetAsync($"{person.Address}/submissions/1"));

        var submitted = Assert.Single(await service.Published<ApplicationSubmitted>(person.Application));
        Assert.Equal(("110000/110100/", 1, 4), (submitted.AreaPath, submitted.Version, submitted.DocumentIds.Count));
        var opened = Assert.Single(await service.Published<StageOpened>(person.Application));
        Assert.Equal(("confirmation", "confirmation", "site"), (opened.Stage, opened.Kind, opened.Level));
        Assert.Equal("内科学", (string)sent["sections"]![0]!["fields"]![2]!["value"]!);
        Assert.Contains("北京大学", (string)sent["sections"]![1]!["fields"]![0]!["value"]!, StringComparison.Ordinal);
        Assert.Equal(12, ((string)sent["verificationCode"]!).Length);
    }

    [Theory]
    [InlineData("update submissions set verification_code = 'X'")]
    [InlineData("delete from submissions")]
    [InlineData("update history set at = now()")]
    [InlineData("update programmes set document = ''")]
    public async Task What_was_sent_in_has_happened_or_is_published_cannot_be_rewritten(string statement)
    {
        await (await (await (await service.APerson()).Start()).Fill()).Submit();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => service.Query(db => db.Database.ExecuteSqlRawAsync(statement)));

        Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_change_of_the_profile_does_not_change_what_was_submitted()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        await person.Http.PostAsync($"{person.Address}/withdrawal", null);
        await person.Put("/api/profile/education", new { entries = new[] { new { id = person.Entry, school = "清华大学", major = "x", level = "doctor", graduatedOn = "2020-07", certificateNumber = "2" } } });

        Assert.Contains("北京大学", await person.Http.GetStringAsync($"{person.Address}/submissions/1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Withdrawing_before_confirmation_keeps_everything_and_the_next_version_has_a_new_code()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        Assert.Equal(HttpStatusCode.NoContent, (await person.Http.PostAsync($"{person.Address}/withdrawal", null)).StatusCode);
        var draft = await person.Look();
        await person.Submit();

        Assert.Equal(("withdrawn", "medicine"), ((string)draft["status"]!["where"]!, (string)draft["answers"]!["report"]!["category"]!));
        Assert.Single(await service.Published<ApplicationWithdrawn>(person.Application));
        var codes = await service.Query(db => db.Submissions.Where(s => s.ApplicationId == person.Application).OrderBy(s => s.Number).Select(s => s.VerificationCode).ToListAsync());
        Assert.Equal(2, codes.Distinct().Count());
    }

    [Fact]
    public async Task What_is_confirmed_cannot_be_withdrawn()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        await person.Confirmed();

        var reply = await person.Http.PostAsync($"{person.Address}/withdrawal", null);

        Assert.Equal((HttpStatusCode.Conflict, "urn:exam:too-late-to-withdraw"), (reply.StatusCode, (string)(await Person.Json(reply))["type"]!));
    }

    [Fact]
    public async Task Ten_submissions_at_once_make_one_version()
    {
        var person = await (await (await service.APerson()).Start()).Fill();

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => person.Http.PostAsync($"{person.Address}/submissions", null)));

        Assert.Single(replies, r => r.StatusCode == HttpStatusCode.Created);
        Assert.All(replies.Where(r => r.StatusCode != HttpStatusCode.Created), r => Assert.Equal(HttpStatusCode.Conflict, r.StatusCode));
        Assert.Single(await service.Published<ApplicationSubmitted>(person.Application));
    }

    [Fact]
    public async Task Who_holds_a_document_the_exam_does_not_accept_is_refused()
    {
        var person = await (await (await service.APerson()).Start()).Fill();
        service.Identity.DocumentType = "driversLicence";
        var reply = await person.Http.PostAsync($"{person.Address}/submissions", null);
        service.Identity.DocumentType = "residentId";

        Assert.Equal("urn:exam:document-type-not-accepted", (string)(await Person.Json(reply))["type"]!);
    }
}
