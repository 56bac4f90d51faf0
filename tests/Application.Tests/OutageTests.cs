using System.Net;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Applications.Features;
using ExamPlatform.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform.Applications.Tests;

/// <summary>The platform knows when it was down, and its windows, deadlines and fees follow. Each test has windows of its own that end months from those of the others.</summary>
public sealed class OutageTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    private const string Programmes = "/api/programmes";

    public void Dispose()
    {
        service.Gateway.Away = null;
        service.Clock.Now = Hp.Now;
    }

    [Fact]
    public async Task A_silence_is_one_outage_however_many_replicas_come_back()
    {
        await using var other = new SecondReplica(service);
        other.Clock.Now = service.Clock.Now = new(2028, 1, 1, 0, 0, 0, TimeSpan.Zero);
        _ = other.Services;
        await Silence(TimeSpan.FromHours(3));

        await Task.WhenAll(Beat(service.Services), Beat(other.Services), Beat(service.Services));

        var outage = Assert.Single(await Outages());
        Assert.Equal(service.Clock.Now, outage.Until);
        Assert.InRange(outage.Until - outage.From, TimeSpan.FromHours(3), TimeSpan.FromHours(3).Add(TimeSpan.FromMinutes(1)));
        var line = Assert.Single((await Person.Json(await service.Anonymous().GetAsync("/api/programmes/outages"))).AsArray(), o => (DateTimeOffset)o!["until"]! == outage.Until);
        Assert.Equal(outage.From, (DateTimeOffset)line!["from"]!);
    }

    [Fact]
    public async Task A_shifted_clock_is_no_outage_and_no_silence_under_the_least_gap_is()
    {
        service.Clock.Now = new(2028, 3, 1, 0, 0, 0, TimeSpan.Zero);
        await Beat(service.Services);
        service.Clock.Now = service.Clock.Now.AddDays(2);
        await Beat(service.Services);
        await Silence(TimeSpan.FromSeconds(100));
        await Beat(service.Services);

        Assert.Empty(await Outages());
    }

    [Fact]
    public async Task The_very_first_beat_is_no_outage()
    {
        await using var fresh = new ApplicationFixture();
        await Until.Async(() => fresh.Query(db => db.Beats.AnyAsync()));

        Assert.False(await fresh.Query(db => db.Outages.AnyAsync()));
    }

    [Theory]
    [InlineData("/api/programmes")]
    [InlineData("/api/identity/notice")]
    public async Task A_gateway_that_answers_503_is_down_though_this_service_runs(string away)
    {
        service.Clock.Now = new DateTimeOffset(2028, 5, 1, 0, 0, 0, TimeSpan.Zero).AddDays(20 * away.Length);
        service.Gateway.Away = away;
        await Silence(TimeSpan.FromHours(1));
        Assert.False(await Beat(service.Services));
        Assert.Empty(await Outages());

        service.Gateway.Away = null;
        Assert.True(await Beat(service.Services));

        Assert.Single(await Outages());
    }

    [Fact]
    public async Task A_draft_can_be_sent_in_within_the_extension_and_not_after_and_everybody_sees_why()
    {
        var end = new DateTimeOffset(2027, 2, 10, 9, 0, 0, TimeSpan.Zero);
        await service.Publish(Ending("DRAFT", end, WindowKind.Registration));
        var (early, late) = (await service.Applicant("DRAFT").In(Person.Beijing), await service.Applicant("DRAFT").In(Person.Beijing));
        var until = await Down(end.AddHours(-3), end.AddHours(-1));
        Assert.Equal(end.AddHours(2), until, TimeSpan.FromMinutes(1.1));

        service.Clock.Now = until.AddMinutes(-1);
        Assert.Equal(until, (DateTimeOffset)(await late.Look())["status"]!["until"]!);
        await Reminded(early);
        await early.Submit();
        var window = Registration(await Person.Json(await service.Anonymous().GetAsync(Programmes)), "DRAFT");
        service.Clock.Now = until;

        Assert.Equal((HttpStatusCode.Conflict, "outside-window"), await (await late.TrySubmit()).Problem());
        Assert.Equal((until, true, end), ((DateTimeOffset)window["until"]!, (bool)window["open"]!, (DateTimeOffset)window["extension"]!["scheduled"]!));
        Assert.Matches("^因平台故障（2027年2月10日1[34]:..至2027年2月10日16:00），截止时间由2027年2月10日17:00顺延至2027年2月10日19:0.$", (string)window["extension"]!["why"]!);
        Assert.Equal(end, (DateTimeOffset)(await Person.Json(await service.Anonymous().GetAsync("/api/programmes/DRAFT")))["sessions"]![0]!["windows"]![0]!["until"]!);
    }

    [Fact]
    public async Task Nobody_is_given_up_before_the_outage_is_known_nor_before_the_extension_ends()
    {
        var end = new DateTimeOffset(2027, 4, 10, 9, 0, 0, TimeSpan.Zero);
        await service.Publish(Ending("LAPSE", end, WindowKind.Correction));
        var person = await (await service.Applicant("LAPSE").In(Person.Beijing)).Submit();
        await person.ReviewFailed("first");
        service.Gateway.Away = Programmes;
        await Silence(TimeSpan.FromHours(4));
        service.Clock.Now = end.AddHours(1);
        Assert.Equal(0, await Job<KeepDeadlines>().Look(CancellationToken.None));
        Assert.Equal(Standing.ReturnedForCorrection, await StandingOf(person));

        service.Gateway.Away = null;
        await Beat(service.Services);
        var until = end.AddHours(4); // three hours were lost before the end, and it is one hour past it
        await Until.Async(() => service.Query(db => db.Applications.AnyAsync(a => a.Id == person.Application && a.LapsesAt > end)), what: "the job has seen that the deadline has moved");
        Assert.Equal(until, (DateTimeOffset)(await person.Look())["status"]!["until"]!, TimeSpan.FromMinutes(1.1));

        service.Clock.Now = until.AddMinutes(2);
        await Until.Async(async () => await StandingOf(person) == Standing.Abandoned, what: "it is given up after the extension");
    }

    [Fact]
    public async Task Who_has_something_to_do_is_told_once_with_the_new_end_and_nobody_else()
    {
        var end = new DateTimeOffset(2027, 6, 10, 9, 0, 0, TimeSpan.Zero);
        await service.Publish(Ending("TOLD", end, WindowKind.Registration));
        await service.Publish(Ending("OTHER", end.AddDays(9), WindowKind.Registration));
        var (draft, submitted, other) = (await service.Applicant("TOLD").In(Person.Beijing), await (await service.Applicant("TOLD").In(Person.Beijing)).Submit(), await service.Applicant("OTHER").In(Person.Beijing));

        var until = await Down(end.AddHours(-3), end.AddHours(-1));
        var late = await service.Applicant("TOLD").In(Person.Beijing);
        await Told();
        await Reminded(draft);
        await draft.Put($"{draft.Address}/steps/work", new { answers = new { employer = "另一家医院" } });
        await Beat(service.Services);
        Assert.False(await Job<TellOfOutages>().Look(CancellationToken.None));

        var told = Assert.Single(await service.Published<WindowExtended>(draft.Application));
        Assert.Equal(("submit", until, draft.Id), (told.Task, told.DueAt, told.CandidateId));
        foreach (var person in (Person[])[submitted, other, late]) Assert.Empty(await service.Published<WindowExtended>(person.Application));
    }

    [Fact]
    public async Task A_fee_that_is_due_moves_with_its_window_and_is_paid_in_the_extension()
    {
        var end = new DateTimeOffset(2027, 8, 10, 9, 0, 0, TimeSpan.Zero);
        await service.Publish(Ending("FEE", end, WindowKind.Payment));
        var person = await (await service.Applicant("FEE").In(Person.Beijing)).Submit();
        await person.ReviewPassed("first");
        await person.ReviewPassed("second");
        var fee = Assert.Single(await service.Published<FeeDue>(person.Application));
        Assert.Equal(end, fee.DueAt);
        service.Clock.Now = end.AddHours(-40);
        await Reminded(person); // from here on no job reads it by itself

        var until = await Down(end.AddHours(-3), end.AddHours(-1));
        await Told();
        var moved = Assert.Single(await service.Published<FeeDueMoved>(person.Application));
        service.Clock.Now = until.AddMinutes(-1);
        var seen = (await person.Look())["fee"]!["dueAt"]!;
        await person.Paid(fee.FeeId, amount: fee.AmountInFen);

        Assert.Equal((fee.FeeId, until, until), (moved.FeeId, moved.DueAt, (DateTimeOffset)seen));
        Assert.Equal("pay", Assert.Single(await service.Published<WindowExtended>(person.Application)).Task);
        Assert.Equal(Standing.Registered, await StandingOf(person));
    }

    [Fact]
    public async Task Whoever_would_close_a_fee_is_told_when_it_is_due_today_and_nothing_while_the_platform_is_down()
    {
        var end = new DateTimeOffset(2027, 10, 10, 9, 0, 0, TimeSpan.Zero);
        await service.Publish(Ending("CLOSE", end, WindowKind.Payment));
        var person = await (await service.Applicant("CLOSE").In(Person.Beijing)).Submit();
        await person.ReviewPassed("first");
        await person.ReviewPassed("second");
        var fee = Assert.Single(await service.Published<FeeDue>(person.Application));
        service.Gateway.Away = Programmes;
        await Silence(TimeSpan.FromHours(2));
        service.Clock.Now = end;

        var down = await Assert.ThrowsAsync<RpcException>(() => DueAt(person, fee.FeeId));
        service.Gateway.Away = null;
        await Beat(service.Services);

        Assert.Equal(StatusCode.Unavailable, down.StatusCode);
        Assert.Equal(end.AddHours(2), await DueAt(person, fee.FeeId), TimeSpan.FromMinutes(1.1));
    }

    [Fact]
    public async Task An_exam_is_not_let_go_before_its_extended_window_has_closed()
    {
        var end = new DateTimeOffset(2027, 12, 10, 9, 0, 0, TimeSpan.Zero);
        var exam = Ending("HELD", end, WindowKind.Registration);
        await service.Publish(exam with { Sessions = [exam.Sessions[0] with { Windows = [.. exam.Sessions[0].Windows.Select(w => new Window(w.Kind, w.From, end))] }] });
        await service.Applicant("HELD").In(Person.Beijing);
        var until = await Down(end.AddHours(-3), end.AddHours(-1));

        service.Clock.Now = until.AddMinutes(-1);
        Assert.Equal((HttpStatusCode.Conflict, "would-strand"), await (await service.National().Post("", "/api/programmes/HELD/retirement")).Problem());
        service.Clock.Now = until;
        Assert.Equal(HttpStatusCode.NoContent, (await service.National().Post("", "/api/programmes/HELD/retirement")).StatusCode);
    }

    private static ExamProgramme Ending(string code, DateTimeOffset end, WindowKind kind) => Exams.Small(code) is var exam ? exam with { Sessions = [exam.Sessions[0].Ending(kind, end)] } : null!;

    /// <summary>The platform is down in that time, and comes back. Returns the end of what ended at the next full hour after.</summary>
    private async Task<DateTimeOffset> Down(DateTimeOffset from, DateTimeOffset until)
    {
        service.Clock.Now = until;
        await Silence(until - from);
        await Beat(service.Services);
        var outage = (await Outages())[^1];
        var lost = outage.Until - outage.From;
        return outage.Until.AddHours(1).AddMinutes(Math.Ceiling(lost.TotalMinutes));
    }

    /// <summary>As if nothing had beaten for so long.</summary>
    private Task Silence(TimeSpan length) => service.Query(db => db.Database.ExecuteSqlAsync(
        $"insert into beats (id, at) values ({Applications.Beat.Only}, clock_timestamp() - {length}) on conflict (id) do update set at = beats.at - {length}"));

    private static Task<bool> Beat(IServiceProvider services) => services.GetServices<IHostedService>().OfType<KeepBeat>().Single().Round(CancellationToken.None);

    private T Job<T>() => service.Services.GetServices<IHostedService>().OfType<T>().Single();

    /// <summary>Those found by this test's clock, give or take some days.</summary>
    private Task<List<Outage>> Outages()
    {
        var (from, until) = (service.Clock.Now.AddDays(-9), service.Clock.Now.AddDays(9));
        return service.Query(db => db.Outages.AsNoTracking().Where(o => o.Until > from && o.Until < until).OrderBy(o => o.Id).ToListAsync());
    }

    /// <summary>The job that reminds has been at it: nothing changes it under the candidate's hands any more.</summary>
    private Task Reminded(Person person) => Until.Async(() => service.Query(db => db.Applications.AnyAsync(a => a.Id == person.Application && a.RemindAt == null)), what: "it is reminded of");

    private Task Told() => Until.Async(() => service.Query(db => db.Outages.AllAsync(o => o.ToldAt != null)), what: "everybody is told");

    private Task<Standing> StandingOf(Person person) => service.Query(db => db.Applications.Where(a => a.Id == person.Application).Select(a => a.Standing).SingleAsync());

    private async Task<DateTimeOffset> DueAt(Person person, Guid fee)
    {
        using var channel = GrpcChannel.ForAddress(service.Server.BaseAddress, new() { HttpHandler = service.Server.CreateHandler() });
        var answer = await new ApplicationAnswers.ApplicationAnswersClient(channel).GetFeeAsync(new() { ApplicationId = person.Application.ToString(), FeeId = fee.ToString() }, new Metadata { { "x-platform-key", "the-key-of-the-test-process" } });
        return DateTimeOffset.Parse(answer.DueAt, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static System.Text.Json.Nodes.JsonNode Registration(System.Text.Json.Nodes.JsonNode programmes, string code) =>
        programmes.AsArray().Single(p => (string)p!["code"]! == code)!["sessions"]![0]!["windows"]!.AsArray().Single(w => (string)w!["window"]! == "registration")!;
}
