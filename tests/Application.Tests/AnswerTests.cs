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

    [Theory]
    [InlineData("underReview", true)]
    [InlineData("returned", false)]
    [InlineData("draft", false)]
    public async Task An_audience_is_who_stands_as_asked(string state, bool asked)
    {
        var person = await Submitted();

        Assert.Equal(asked, (await Audience(state)).Contains(person.Application));
    }

    [Fact]
    public async Task While_a_failure_waits_to_be_passed_on_the_application_counts_as_under_review()
    {
        var person = await Submitted();
        await service.Query(db => db.Applications.Where(a => a.Id == person.Application).ExecuteUpdateAsync(set => set.SetProperty(a => a.Standing, Standing.AwaitingRelease)));

        Assert.Contains(person.Application, await Audience("underReview"));
        Assert.DoesNotContain(person.Application, await In("", "returned", "rejected"));
    }

    [Fact]
    public async Task An_audience_lies_where_its_applications_are_handled_whatever_is_being_edited()
    {
        var (sent, filling) = (await Submitted(), await (await (await service.APerson()).Start()).Fill(Person.Fujian));
        await service.Query(db => db.Applications.Where(a => a.Id == sent.Application).ExecuteUpdateAsync(set => set.SetProperty(a => a.AreaCode, "350000").SetProperty(a => a.SiteCode, "350100")));

        Assert.Contains(sent.Application, await In("110000/110100/", "underReview"));
        Assert.Contains(sent.Application, await In("110000/", "underReview"));
        Assert.DoesNotContain(sent.Application, await In("350000/", "underReview"));
        Assert.DoesNotContain(sent.Application, await In("110000/110200/", "underReview"));
        Assert.Contains(filling.Application, await In("350000/350100/", "draft"));
        Assert.DoesNotContain(filling.Application, await In("110000/", "draft"));
    }

    [Fact]
    public async Task Practice_and_what_was_cleared_are_in_no_audience()
    {
        var cleared = await Submitted();
        await service.Practice("T-AUDIENCE");
        var practised = await (await (await (await service.APerson()).Start("T-AUDIENCE", "practice")).Fill()).Submit();
        await service.Query(db => db.Applications.Where(a => a.Id == cleared.Application).ExecuteUpdateAsync(set => set.SetProperty(a => a.ClearedAt, service.Clock.Now)));

        Assert.Equal(Standing.Submitted, await service.Query(db => db.Applications.Where(a => a.Id == practised.Application).Select(a => a.Standing).SingleAsync()));
        Assert.Empty((await Client().ListAudienceAsync(new() { ProgrammeCode = "T-AUDIENCE", SessionCode = "practice", States = { "underReview" } }, Key)).Members);
        Assert.DoesNotContain(cleared.Application, await Audience("underReview"));
    }

    [Fact]
    public async Task A_large_audience_comes_page_by_page_each_application_once_and_the_newest_first()
    {
        await Submitted();
        await service.Query(db => db.Database.ExecuteSqlAsync($"""
            insert into applications select (jsonb_populate_record(one.a, jsonb_build_object('id', gen_random_uuid(), 'candidate_id', gen_random_uuid(), 'session_code', 'MANY', 'standing', 'Rejected'))).*
            from (select a from applications a limit 1) one, generate_series(1, {503})
            """));
        var request = new ListAudienceRequest { ProgrammeCode = "HP", SessionCode = "MANY", States = { "rejected" } };
        var first = await Client().ListAudienceAsync(request, Key);
        request.After = first.Next;
        var second = await Client().ListAudienceAsync(request, Key);

        Assert.Equal((500, 3, ""), (first.Members.Count, second.Members.Count, second.Next));
        Assert.Equal(503, first.Members.Concat(second.Members).Select(m => m.ApplicationId).Distinct().Count());
        Assert.True(string.CompareOrdinal(first.Members[0].ApplicationId, second.Members[^1].ApplicationId) > 0);
    }

    [Theory]
    [InlineData("paid", "")]
    [InlineData("unpaid", "110000/110100/BASE01/")]
    public async Task A_state_or_a_place_that_is_none_is_refused(string state, string area) =>
        Assert.Equal(StatusCode.InvalidArgument, (await Refused(async () => await Client().ListAudienceAsync(new() { ProgrammeCode = "HP", SessionCode = "2027", AreaPath = area, States = { state } }, Key))).StatusCode);

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

    private Task<List<Guid>> Audience(string state) => In("", state);

    private async Task<List<Guid>> In(string area, params string[] states)
    {
        var request = new ListAudienceRequest { ProgrammeCode = "HP", SessionCode = "2027", AreaPath = area, States = { states } };
        return [.. (await Client().ListAudienceAsync(request, Key)).Members.Select(m => Guid.Parse(m.ApplicationId))];
    }

    private async Task<Person> Submitted() => await (await (await (await service.APerson()).Start()).Fill()).Submit();

    private static Task<RpcException> Refused(Func<Task> call) => Assert.ThrowsAsync<RpcException>(call);

    private ApplicationAnswers.ApplicationAnswersClient Client() =>
        new(GrpcChannel.ForAddress(service.Server.BaseAddress, new() { HttpHandler = service.Server.CreateHandler() }));
}
