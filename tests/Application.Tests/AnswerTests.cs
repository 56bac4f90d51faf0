using ExamPlatform.Applications.Contracts;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>The gRPC answers, over the service's own pipeline.</summary>
public sealed class AnswerTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private static readonly Metadata Key = new() { { "x-platform-key", "the-key-of-the-test-process" } };

    [Fact]
    public async Task An_officer_is_shown_the_version_with_the_person_and_the_reasons_of_the_stage()
    {
        var person = await Submitted();
        var sent = await Client().GetSubmissionAsync(new() { ApplicationId = person.Application.ToString(), Version = 1, Stage = "confirmation" }, Key);

        Assert.Equal(["person", "report", "education", "work"], sent.Sections.Select(s => s.Code));
        Assert.Equal(("测试考生", "居民身份证"), (sent.Sections[0].Fields[0].Value, sent.Sections[0].Fields[1].Value));
        Assert.Equal(["photo", "diploma", "employment-proof", "practice-licence"], sent.Documents.Select(d => d.Code));
        Assert.Contains(sent.Reasons, r => r is { Code: "photo-unfit", Item: "photo" });
        Assert.Equal((true, "北京市"), (sent.Current, sent.AreaTitle));
    }

    [Fact]
    public async Task An_officer_is_told_what_a_failure_of_the_stage_leads_to()
    {
        var toMend = Assert.IsType<ReturnToCandidate>(Hp.Programme.Stage("area-review").OnFail);

        Assert.Equal(("考区审核", "return"), await Failing("RETURNS", toMend));
        Assert.Equal(("考区审核", "release"), await Failing("RELEASES", new ReleaseThenReturn(DeciderLevel.Site, 48, toMend.ResumeAt, toMend.Window, "test")));
        Assert.Equal(("考区审核", "reject"), await Failing("REJECTS", new RejectForGood("test")));
    }

    [Fact]
    public async Task A_withdrawn_version_is_no_longer_current_and_an_unknown_one_is_not_found()
    {
        var person = await Submitted();
        await person.Http.PostAsync($"{person.Address}/withdrawal", null);

        Assert.False((await Client().GetSubmissionAsync(new() { ApplicationId = person.Application.ToString(), Version = 1 }, Key)).Current);
        Assert.Equal(StatusCode.NotFound, (await Refused(async () => await Client().GetSubmissionAsync(new() { ApplicationId = person.Application.ToString(), Version = 2 }, Key))).StatusCode);
    }

    [Fact]
    public async Task A_stale_print_is_recognised_and_what_has_changed_since_is_named()
    {
        var person = await Submitted();
        var code = await service.Query(db => db.Submissions.Where(s => s.ApplicationId == person.Application).Select(s => s.VerificationCode).SingleAsync());
        var fresh = await Client().RecogniseFormAsync(new() { VerificationCode = code.ToLowerInvariant().Insert(4, "-") }, Key);
        await person.Http.PostAsync($"{person.Address}/withdrawal", null);
        await person.Step("work", new { employer = "另一医院", since = "2015-07", years = "11" });
        await person.Submit();
        var stale = await Client().RecogniseFormAsync(new() { VerificationCode = code }, Key);

        Assert.Equal((1, 1, true, 0), (fresh.Version, fresh.CurrentVersion, fresh.Current, fresh.Changes.Count));
        Assert.Equal((1, 2, true, "110000/110100/"), (stale.Version, stale.CurrentVersion, stale.Current, stale.AreaPath));
        Assert.Contains(stale.Changes, c => c is { Title: "工作情况：单位名称", Then: "示例医院", Now: "另一医院" });
        Assert.Equal(StatusCode.NotFound, (await Refused(async () => await Client().RecogniseFormAsync(new() { VerificationCode = "ZZZZZZZZZZZZ" }, Key))).StatusCode);
    }

    [Fact]
    public async Task The_fee_is_told_while_it_is_due_and_refused_once_the_application_has_moved_on()
    {
        var person = await Submitted();
        await person.Confirmed();
        await person.ReviewPassed("site-review");
        await person.ReviewPassed("area-review");
        var due = (await service.Published<FeeDue>(person.Application))[0];
        var request = new GetFeeRequest { ApplicationId = person.Application.ToString(), FeeId = due.FeeId.ToString() };
        var fee = await Client().GetFeeAsync(request, Key);
        await person.Paid(due.FeeId);

        Assert.Equal((24400, 4, "wechat-native", false), (fee.AmountInFen, fee.Lines.Count, fee.Channels[0], fee.ComputerOnly));
        Assert.Equal(StatusCode.FailedPrecondition, (await Refused(async () => await Client().GetFeeAsync(request, Key))).StatusCode);
        request.FeeId = Guid.NewGuid().ToString();
        Assert.Equal(StatusCode.NotFound, (await Refused(async () => await Client().GetFeeAsync(request, Key))).StatusCode);
    }

    [Fact]
    public async Task Notices_are_told_the_reasons_in_the_candidates_words()
    {
        var person = await Submitted();
        var facts = await Client().GetNoticeFactsAsync(new() { ApplicationId = person.Application.ToString(), Stage = "confirmation", ReasonCodes = { "photo-unfit" } }, Key);

        Assert.Equal(("卫生专业技术资格考试", "报名确认", "报名照片不符合要求，请重新上传本人近期证件照。"), (facts.ProgrammeTitle, facts.StageTitle, Assert.Single(facts.ReasonTexts)));
    }

    [Fact]
    public async Task Without_the_platforms_key_nothing_is_answered() =>
        Assert.Equal(StatusCode.Unauthenticated, (await Refused(async () => await Client().GetNoticeFactsAsync(new() { ApplicationId = Guid.NewGuid().ToString() }))).StatusCode);

    private async Task<(string Stage, string OnFail)> Failing(string code, FailureRule rule)
    {
        await service.Publish(Hp.Programme with { Code = code, Stages = [.. Hp.Programme.Stages.Select(s => s.Code == "area-review" ? s with { OnFail = rule } : s)] });
        var person = await (await (await (await service.APerson()).Start(code)).Fill()).Submit();
        var sent = await Client().GetSubmissionAsync(new() { ApplicationId = person.Application.ToString(), Version = 1, Stage = "area-review" }, Key);
        return (sent.StageTitle, sent.OnFail);
    }

    private async Task<Person> Submitted() => await (await (await (await service.APerson()).Start()).Fill()).Submit();

    private static Task<RpcException> Refused(Func<Task> call) => Assert.ThrowsAsync<RpcException>(call);

    private ApplicationAnswers.ApplicationAnswersClient Client() =>
        new(GrpcChannel.ForAddress(service.Server.BaseAddress, new() { HttpHandler = service.Server.CreateHandler() }));
}
