using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ExamPlatform.Applications.Contracts;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ExamPlatform.Applications.Tests;

/// <summary>Practice (试报名, D7): it lives as the real thing does, is seen to be practice everywhere, and touches nothing that is real.</summary>
public sealed class TrialTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private static readonly Metadata Key = new() { { "x-platform-key", "the-key-of-the-test-process" } };

    [Fact]
    public async Task A_session_for_practice_says_so_to_everybody_and_takes_money_in_no_area()
    {
        await service.Practice("T-LIST");
        var sessions = (await Person.Json(await service.Anonymous().GetAsync("/api/programmes"))).AsArray().Single(p => (string)p!["code"]! == "T-LIST")!["sessions"]!.AsArray();
        var areas = (await Person.Json(await service.Anonymous().GetAsync("/api/programmes/T-LIST/areas"))).AsArray();

        Assert.Equal(["2027 False", "practice True"], sessions.Select(s => $"{s!["code"]} {(bool)s["trial"]!}"));
        Assert.Equal(["2027 False wechat-native,alipay-page,unionpay-pc,wechat-jsapi,wechat-mini,wechat-h5,alipay-wap,unionpay-mobile", "practice True practice"], areas.Select(s => $"{s!["session"]} {(bool)s["trial"]!} {string.Join(',', s["areas"]!.AsArray().SelectMany(a => a!["payment"]?["channels"]!.AsArray() ?? []).Select(c => (string)c!).Distinct())}"));
    }

    [Fact]
    public async Task A_practice_and_a_real_application_live_side_by_side_and_only_the_practice_says_that_it_is_one()
    {
        await service.Practice("T-BESIDE");
        var practice = await (await (await (await service.APerson()).Start("T-BESIDE", "practice")).Fill()).Submit();
        var one = practice.Application;
        await practice.Start("T-BESIDE");
        var list = (await Person.Json(await practice.Http.GetAsync("/api/applications"))).AsArray();

        Assert.Equal(["2027 False False", "practice True True"], list.Select(a => $"{a!["session"]} {(bool)a["trial"]!} {(bool)a["status"]!["trial"]!}"));
        Assert.True((bool)(await Person.Json(await practice.Http.GetAsync($"/api/applications/{one}/submissions/1")))["trial"]!);
        Assert.False((bool)(await practice.Look())["status"]!["trial"]!);
    }

    [Fact]
    public async Task What_is_told_about_a_practice_says_that_it_is_one()
    {
        var person = await service.Practised("T-TOLD");
        await person.Paid((await service.Published<FeeDue>(person.Application))[0].FeeId);

        Assert.True((await service.Published<ApplicationSubmitted>(person.Application))[0].Trial);
        Assert.All(await service.Published<StageOpened>(person.Application), m => Assert.True(m.Trial));
        Assert.All(await service.Published<StagePassed>(person.Application), m => Assert.True(m.Trial));
        Assert.True((await service.Published<FeeDue>(person.Application))[0].Trial);
        Assert.True((await service.Published<RegistrationCompleted>(person.Application))[0].Trial);
        Assert.True((await Client().GetNoticeFactsAsync(new() { ApplicationId = person.Application.ToString() }, Key)).Trial);
    }

    [Fact]
    public async Task What_is_told_about_a_practice_that_lapses_or_is_reminded_of_says_that_it_is_one()
    {
        var programme = Hp.Programme with { Code = "T", Sessions = [Hp.Programme.Sessions[0] with { Trial = new(3, "test") }] };
        var application = Applications.Application.Start(Guid.NewGuid(), "residentId", programme, programme.Sessions[0], Hp.Profile, Hp.Now);
        application.Remind(application.RemindAt!.Value);
        Hp.Must(application.GiveUp(programme, Hp.Now));

        await service.Query(async db =>
        {
            db.Applications.Add(application);
            return await db.SaveChangesAsync();
        });

        Assert.True(Assert.Single(await service.Published<DeadlineNear>(application.Id)).Trial);
        Assert.True(Assert.Single(await service.Published<ApplicationAbandoned>(application.Id)).Trial);
    }

    [Fact]
    public async Task The_fee_of_a_practice_can_be_paid_by_practice_and_in_no_other_way()
    {
        var person = await service.Practised("T-FEE");
        var due = (await service.Published<FeeDue>(person.Application))[0];

        Assert.Equal(["practice"], (await Client().GetFeeAsync(new() { ApplicationId = person.Application.ToString(), FeeId = due.FeeId.ToString() }, Key)).Channels);
        Assert.Equal("practice", Assert.Single((await person.Look())["fee"]!["channels"]!.AsArray())!.GetValue<string>());
    }

    [Fact]
    public async Task A_practice_neither_locks_an_entry_of_the_profile_nor_vouches_for_it()
    {
        var person = await service.Practised("T-MARKS");
        var mark = (await Person.Json(await person.Http.GetAsync("/api/profile")))["marks"]![0]!;

        Assert.Equal((false, false, 0), ((bool)mark["locked"]!, (bool)mark["verified"]!, mark["applications"]!.AsArray().Count));
        await person.Put("/api/profile/education", new { entries = Array.Empty<object>() });
    }

    [Fact]
    public async Task Sending_in_a_practice_leaves_the_profile_as_another_device_has_read_it()
    {
        await service.Practice("T-READ");
        var person = await (await (await service.APerson()).Start("T-READ", "practice")).Fill();
        var read = (await person.Http.GetAsync("/api/profile")).Headers.ETag;
        await person.Submit();

        Assert.Equal(read, (await person.Http.GetAsync("/api/profile")).Headers.ETag);
    }

    [Fact]
    public async Task What_is_answered_in_a_practice_is_not_written_back_to_the_profile()
    {
        await service.Practice("T-BACK");
        var person = await service.APerson();
        await person.Put("/api/profile/work", new { employer = "示例医院", employerKind = (string?)null, since = "2015-07" });
        await person.Start("T-BACK", "practice");
        await person.Step("work", new { employer = "示例医院", since = "2015-07", post = "护师" });
        var practised = (string?)(await Work(person))["post"];
        await person.Start("T-BACK");
        await person.Step("work", new { employer = "示例医院", since = "2015-07", post = "护师" });

        Assert.Equal((null, "护师"), (practised, (string?)(await Work(person))["post"]));

        static async Task<JsonNode> Work(Person person) => (await Person.Json(await person.Http.GetAsync("/api/profile")))["work"]!;
    }

    [Theory]
    [InlineData("2027", false)]
    [InlineData("practice", true)]
    public async Task A_receipt_says_of_itself_whether_it_is_of_a_practice(string session, bool trial)
    {
        await service.Practice($"T-RECEIPT{(trial ? 1 : 0)}");
        var person = await (await (await (await service.APerson()).Start($"T-RECEIPT{(trial ? 1 : 0)}", session)).Fill()).Submit();
        var reply = await Person.Json(await person.Http.GetAsync($"{person.Address}/submissions/1/receipt"));

        Assert.Equal(trial, new JsonWebToken((string)reply["receipt"]!).GetPayloadValue<bool>("trial"));
        Assert.Equal(trial, (bool)JsonNode.Parse((string)reply["content"]!)!["trial"]!);
    }

    [Theory]
    [InlineData("11010119900307001111", "found")]
    [InlineData("35010119900307001111", "otherPerson")]
    public async Task For_a_practice_the_disability_register_is_not_asked_and_the_certificates_number_answers(string certificate, string state)
    {
        var programme = Exam.Read("BM");
        programme = programme with { Code = "T-REGISTER", Sessions = [programme.Sessions[0] with { Trial = new(3, "test") }] };
        if (await service.Query(db => db.Programmes.AllAsync(p => p.Code != "T-REGISTER"))) await service.Publish(programme);
        var exam = new Exam(programme, new Dictionary<string, string> { ["report/certificate"] = certificate }, ProfileGroups.Empty, Person.Beijing);
        var application = exam.Draft();
        Exam.Must(exam.Submit(application));
        await service.Query(async db =>
        {
            db.Applications.Add(application);
            return await db.SaveChangesAsync();
        });
        var (stage, before) = (programme.Stages.First(s => s.Checks is { Count: > 0 }).Code, service.Identity.Asked);

        var answer = await Client().GetSubmissionAsync(new() { ApplicationId = application.Id.ToString(), Version = 1, Stage = stage }, Key);

        Assert.Equal(state, Assert.Single(answer.RegisterAnswers).State);
        Assert.Same(before, service.Identity.Asked);
    }

    [Fact]
    public async Task Who_has_passed_a_practice_is_not_made_public()
    {
        var programme = Trials.Of("T-PUBLIC");
        await service.Publish(programme with { PublicNotice = new("site-review", DeciderLevel.Area, 7, false, [NoticeColumn.Area], "test") });
        var officer = service.Officer("area", "110000/");

        Assert.Equal((HttpStatusCode.Conflict, "trial-session"), await (await officer.PostAsJsonAsync("/api/programmes/T-PUBLIC/public-notices", new { session = "practice" })).Problem());
        Assert.Equal((HttpStatusCode.Conflict, "nobody-to-show"), await (await officer.PostAsJsonAsync("/api/programmes/T-PUBLIC/public-notices", new { session = "2027" })).Problem());
    }

    [Fact]
    public async Task Practice_is_not_entered_at_the_counter()
    {
        var programme = Exam.Read("BM");
        await service.Publish(programme with { Code = "T-COUNTER", Sessions = [programme.Sessions[0] with { Trial = new(3, "test") }] });
        var person = Guid.NewGuid();

        var reply = await service.Officer("site", "110000/110100/").PostAsJsonAsync("/api/programmes/T-COUNTER/counter-entries",
            new { candidate = person, session = "2027", area = "110000", site = "110100", answers = new { }, photo = (Guid?)null, documents = new { } });

        Assert.Equal((HttpStatusCode.Conflict, "trial-session"), await reply.Problem());
        Assert.False(await service.Query(db => db.Applications.AnyAsync(a => a.CandidateId == person)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(91)]
    public async Task Practice_is_thrown_away_after_one_to_ninety_days(int days) => Assert.Equal(["#/sessions/1/trial/discardAfterDays out-of-range"],
        await DraftTests.Faults(await service.National().Post(Exams.Text(Trials.Of("T-DAYS") is var p ? p with { Sessions = [p.Sessions[0], p.Sessions[1] with { Trial = new(days, "test") }] } : p))));

    [Fact]
    public async Task A_session_never_turns_from_practice_to_real_or_back_whatever_versions_lie_between()
    {
        var exam = await service.Practice("T-TURN");
        var turned = exam with { Version = exam.Version + 2, Sessions = [exam.Sessions[0] with { Trial = new(3, "test") }, exam.Sessions[1] with { Trial = null }] };
        var atOnce = await DraftTests.Faults(await service.National().Post(Exams.Text(turned)));
        await service.Publish(exam with { Version = exam.Version + 1, Sessions = [exam.Sessions[0] with { Code = "2028" }] });

        Assert.Equal(["#/sessions/0/trial trial-fixed", "#/sessions/1/trial trial-fixed"], atOnce);
        Assert.Equal(atOnce, await DraftTests.Faults(await service.National().Post(Exams.Text(turned))));
        Assert.Equal(atOnce, await DraftTests.Faults(await service.National().Post(Exams.Text(turned), "/api/programmes/check")));
        await service.Publish(exam with { Version = exam.Version + 2, Sessions = [exam.Sessions[0], exam.Sessions[1] with { Trial = new(9, "test") }] });
    }

    private ApplicationAnswers.ApplicationAnswersClient Client() => new(GrpcChannel.ForAddress(service.Server.BaseAddress, new() { HttpHandler = service.Server.CreateHandler() }));
}

/// <summary>Exams with a real session and one for practice.</summary>
internal static class Trials
{
    public static ExamProgramme Of(string code) => Hp.Programme with { Code = code, Sessions = [Hp.Programme.Sessions[0], Hp.Programme.Sessions[0] with { Code = "practice", Trial = new(3, "test") }] };

    public static Task<ExamProgramme> Practice(this ApplicationFixture service, string code) => service.Publish(Of(code));

    /// <summary>A person whose practice has passed everything and waits to be paid.</summary>
    public static async Task<Person> Practised(this ApplicationFixture service, string code)
    {
        await service.Practice(code);
        var person = await (await (await (await service.APerson()).Start(code, "practice")).Fill()).Submit();
        await person.Confirmed();
        await person.ReviewPassed("site-review");
        await person.ReviewPassed("area-review");
        return person;
    }
}
