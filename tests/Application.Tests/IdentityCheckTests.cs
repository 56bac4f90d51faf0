using System.Net;
using System.Net.Http.Json;
using Grpc.Core;
using Grpc.Net.Client;

namespace ExamPlatform.Applications.Tests;

/// <summary>What the comparison with the national registry means for an exam whose programme speaks of it (B9).</summary>
public sealed class IdentityCheckTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    public void Dispose() => service.Identity.Check = "passed";

    [Theory]
    [InlineData("BM", null)]
    [InlineData("HP", "Wait Wait Warn")]
    [InlineData("NU", "Wait Wait Warn")]
    [InlineData("ML", null)]
    [InlineData("FJ", null)]
    public void What_each_exam_makes_of_a_check_that_has_not_passed(string code, string? effects) =>
        Assert.Equal(effects, Exam.Read(code).Candidates.IdentityCheck is { } rule ? $"{rule.Pending} {rule.Failed} {rule.Unreachable}" : null);

    [Theory]
    [InlineData("pending", "identity-check-pending")]
    [InlineData("failed", "identity-check-failed")]
    [InlineData("unreachable", null)]
    [InlineData("notCheckable", null)]
    [InlineData("passed", null)]
    public async Task Sending_in_waits_for_what_the_programme_says_and_for_nothing_else(string state, string? refused)
    {
        var person = await (await (await service.APerson()).Start()).Fill();
        service.Identity.Check = state;

        var reply = await person.Http.PostAsync($"{person.Address}/submissions", null);

        Assert.Equal((refused is null ? HttpStatusCode.Created : HttpStatusCode.Conflict, refused is null ? null : $"urn:exam:{refused}"), (reply.StatusCode, (string?)(await Person.Json(reply))["type"]));
    }

    [Theory]
    [InlineData("pending", HttpStatusCode.Created)]
    [InlineData("unreachable", HttpStatusCode.Created)]
    [InlineData("failed", HttpStatusCode.Conflict)]
    public async Task Filling_in_may_begin_while_the_check_is_open_and_not_after_it_has_failed(string state, HttpStatusCode status)
    {
        var person = await service.APerson();
        service.Identity.Check = state;

        var reply = await person.Http.PostAsJsonAsync("/api/applications", new { programme = "HP", session = "2027" });

        Assert.Equal(status, reply.StatusCode);
        if (status is HttpStatusCode.Conflict) Assert.Equal("urn:exam:identity-check-failed", (string?)(await Person.Json(reply))["type"]);
    }

    [Theory]
    [InlineData("failed", CheckEffect.None, null)]
    [InlineData("failed", CheckEffect.Warn, null)]
    [InlineData("failed", CheckEffect.Wait, "identity-check-failed")]
    [InlineData("unreachable", CheckEffect.Wait, "identity-check-unreachable")]
    [InlineData("pending", CheckEffect.Warn, null)]
    public void Only_what_waits_refuses(string state, CheckEffect effect, string? refused)
    {
        var rule = new IdentityCheckRule(effect, effect, effect, "test");

        Assert.Equal((refused, state == "failed" ? refused : null), (rule.Refuses(state, sending: true)?.Code, rule.Refuses(state, sending: false)?.Code));
    }

    [Fact]
    public async Task A_practice_waits_for_nothing()
    {
        await service.Practice("T-CHECK");
        service.Identity.Check = "failed";

        await (await (await (await service.APerson()).Start("T-CHECK", "practice")).Fill()).Submit();
    }

    [Fact]
    public async Task The_form_tells_what_each_state_means_here()
    {
        var person = await (await service.APerson()).Start();

        var form = await Person.Json(await person.Http.GetAsync($"{person.Address}/form"));

        Assert.Equal(("wait", "wait", "warn"), ((string)form["identityCheck"]!["pending"]!, (string)form["identityCheck"]!["failed"]!, (string)form["identityCheck"]!["unreachable"]!));
    }

    [Fact]
    public async Task An_officer_sees_beside_the_person_what_the_registry_says()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        service.Identity.Check = "unreachable";
        var client = new Contracts.ApplicationAnswers.ApplicationAnswersClient(GrpcChannel.ForAddress("http://localhost", new() { HttpHandler = service.Server.CreateHandler() }));

        var sent = await client.GetSubmissionAsync(new() { ApplicationId = person.Application.ToString(), Version = 1, Stage = "confirmation" }, new Metadata { { "x-platform-key", "the-key-of-the-test-process" } });

        Assert.Equal(("identityCheck", "身份核验", "暂时无法核验，平台会再次核验"), sent.Sections[0].Fields[^1] is var field ? (field.Code, field.Title, field.Value) : default);
    }
}
