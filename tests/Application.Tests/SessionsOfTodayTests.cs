using System.Net;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>The rules of an application are those it was started under; its session is the one of today.</summary>
public sealed class SessionsOfTodayTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    private static readonly DateTimeOffset RegistrationEnds = new(2027, 1, 15, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset CorrectionEnds = new(2027, 1, 25, 9, 0, 0, TimeSpan.Zero);

    public void Dispose() => service.Clock.Now = Hp.Now;

    [Fact]
    public async Task An_extended_registration_holds_for_who_started_before_it_was_extended()
    {
        var (exam, person) = (await service.Publish(Exams.Small("LONGER")), await service.Applicant("LONGER").In(Person.Beijing));
        await service.Publish(exam.Next(s => s.Ending(WindowKind.Registration, RegistrationEnds.AddDays(2))));
        service.Clock.Now = RegistrationEnds.AddDays(1);

        Assert.Equal(RegistrationEnds.AddDays(2), await DeadlineOf(person));
        await person.Submit();
    }

    [Fact]
    public async Task A_shortened_registration_ends_for_everybody()
    {
        var (exam, person) = (await service.Publish(Exams.Small("SHORTER")), await service.Applicant("SHORTER").In(Person.Beijing));
        await service.Publish(exam.Next(s => s.Ending(WindowKind.Registration, RegistrationEnds.AddDays(-2))));

        Assert.Equal(RegistrationEnds.AddDays(-2), await DeadlineOf(person));
        service.Clock.Now = RegistrationEnds.AddDays(-1);
        Assert.Equal((HttpStatusCode.Conflict, "outside-window"), await (await person.TrySubmit()).Problem());
    }

    [Fact]
    public async Task An_areas_own_window_that_is_extended_holds_for_those_in_it()
    {
        var (exam, person) = (await service.Publish(Exams.Small("OWN")), await service.Applicant("OWN").In(Person.Fujian));
        await service.Publish(exam.Next(s => s with { Areas = [.. s.Areas.Select(a => a.Area == "350000" ? a with { Windows = [new(WindowKind.Registration, Hp.Now, RegistrationEnds.AddDays(5))] } : a)] }));
        service.Clock.Now = RegistrationEnds.AddDays(4);

        await person.Submit();
    }

    [Fact]
    public async Task The_rules_stay_those_it_was_started_under()
    {
        var (exam, person) = (await service.Publish(Exams.Small("RULES")), await service.Applicant("RULES").In(Person.Beijing));
        await service.Publish(exam.Next() with { Form = [new("work", "工作", [new TextField("employer", "单位", 100, [new Always()])], "test")], Stages = [.. exam.Stages.Skip(1)], Change = new(null, "test") });

        await person.Submit();

        var view = await person.Look();
        Assert.Equal((1, "first"), ((int)view["programmeVersion"]!, (string)view["stage"]!));
        Assert.Equal(HttpStatusCode.NoContent, (await person.Http.Post("", $"{person.Address}/withdrawal")).StatusCode);
    }

    [Fact]
    public async Task Who_has_to_correct_gets_the_extension_and_is_given_up_only_after_it()
    {
        var exam = await service.Publish(Exams.Small("CORRECT"));
        var person = await Returned("CORRECT");
        await service.Publish(exam.Next(s => s.Ending(WindowKind.Correction, CorrectionEnds.AddDays(10))));

        service.Clock.Now = CorrectionEnds.AddDays(1);
        await Until.Async(() => Row(person, a => a.LapsesAt == CorrectionEnds.AddDays(10)), what: "the job has seen that the deadline has moved");
        Assert.Equal(("returned", CorrectionEnds.AddDays(10)), ((string)(await person.Look())["status"]!["where"]!, await DeadlineOf(person)));

        service.Clock.Now = CorrectionEnds.AddDays(10);
        await Until.Async(() => Row(person, a => a.Standing == Standing.Abandoned), what: "it is given up");
    }

    [Fact]
    public async Task A_window_extended_by_another_replica_in_the_last_second_saves_who_is_in_it()
    {
        await using var other = new SecondReplica(service);
        var exam = await service.Publish(Exams.Small("SECOND"));
        var person = await Returned("SECOND");
        var next = Exams.Text(exam.Next(s => s.Ending(WindowKind.Correction, CorrectionEnds.AddDays(10))));
        await person.Look(); // what is newest has been asked just now
        await other.Officer("national", "").Post(next);
        service.Clock.Now = CorrectionEnds;

        await Until.Async(() => Row(person, a => a.LapsesAt != CorrectionEnds), what: "the job has looked");
        Assert.True(await Row(person, a => a.Standing == Standing.ReturnedForCorrection));
    }

    [Fact]
    public async Task Who_has_to_confirm_on_site_gets_the_extension()
    {
        var (exam, person) = (await service.Publish(Hp.Programme with { Code = "ON-SITE" }), await (await (await service.APerson()).Start("ON-SITE")).Fill(Person.Fujian));
        await person.Submit();
        await service.Publish(exam.Next(s => s.Ending(WindowKind.Confirmation, CorrectionEnds.AddDays(3))));
        service.Clock.Now = CorrectionEnds.AddDays(1);

        await Until.Async(() => Row(person, a => a.LapsesAt == CorrectionEnds.AddDays(3)), what: "the job has seen that the deadline has moved");
        Assert.Equal(("confirmation", CorrectionEnds.AddDays(3)), ((string)(await person.Look())["status"]!["where"]!, await DeadlineOf(person)));
    }

    [Fact]
    public async Task While_an_officer_has_to_act_the_end_of_the_extended_window_is_shown()
    {
        var exam = await service.Publish(Exams.Small("SHOWN"));
        var person = await (await service.Applicant("SHOWN").In(Person.Beijing)).Submit();
        await service.Publish(exam.Next(s => s.Ending(WindowKind.Review, CorrectionEnds.AddDays(60))));

        Assert.Equal(CorrectionEnds.AddDays(60), await DeadlineOf(person));
    }

    [Fact]
    public async Task Who_was_reminded_of_the_old_deadline_is_reminded_of_the_new_one()
    {
        var exam = await service.Publish(Exams.Small("REMIND"));
        var person = await Returned("REMIND");
        service.Clock.Now = CorrectionEnds.AddHours(-48);
        await Until.Async(async () => (await service.Published<DeadlineNear>(person.Application)).Count == 1);
        await service.Publish(exam.Next(s => s.Ending(WindowKind.Correction, CorrectionEnds.AddDays(10))));
        service.Clock.Now = CorrectionEnds;
        await Until.Async(() => Row(person, a => a.RemindAt == CorrectionEnds.AddDays(10).AddHours(-48)), what: "the job has seen that the deadline has moved");

        service.Clock.Now = CorrectionEnds.AddDays(10).AddHours(-47);
        await Until.Async(async () => (await service.Published<DeadlineNear>(person.Application)).Count == 2);

        Assert.Equal([CorrectionEnds, CorrectionEnds.AddDays(10)], (await service.Published<DeadlineNear>(person.Application)).Select(n => n.DueAt));
    }

    [Fact]
    public async Task A_correction_is_never_shortened()
    {
        var exam = await service.Publish(Exams.Small("KEPT"));
        var person = await Returned("KEPT");
        await service.Publish(exam.Next(s => s.Ending(WindowKind.Correction, Hp.Now.AddDays(1))));
        service.Clock.Now = CorrectionEnds.AddHours(-1);

        Assert.Equal(CorrectionEnds, await DeadlineOf(person));
        await person.Submit();
    }

    [Fact]
    public async Task Who_took_it_back_may_send_it_in_again_as_long_as_the_extended_window_is_open()
    {
        var exam = await service.Publish(Exams.Small("AGAIN"));
        var person = await (await service.Applicant("AGAIN").In(Person.Beijing)).Submit();
        await person.Http.Post("", $"{person.Address}/withdrawal");
        await service.Publish(exam.Next(s => s.Ending(WindowKind.Registration, RegistrationEnds.AddDays(2))));
        service.Clock.Now = RegistrationEnds.AddDays(1);

        await person.Submit();
    }

    [Fact]
    public async Task A_batch_that_is_extended_still_gives_places_to_who_started_before()
    {
        var exam = await service.Publish(Exams.WithPlaces("BATCH"));
        var person = await service.Applicant("BATCH").Wanting("A");
        await service.Publish(exam.Next(s => s with { Batches = [s.Batches![0] with { }, new("2", "第二批", Hp.Now.AddDays(31), Hp.Now.AddDays(40))], Plans = [.. s.Plans!, new("2", "A", "内科", 1)] }));
        service.Clock.Now = Hp.Now.AddDays(32);

        await person.Submit();

        Assert.Equal("2", (string)(await person.Look())["place"]!["batch"]!);
    }

    [Fact]
    public void A_window_that_the_newest_version_needs_no_more_stays_for_who_does()
    {
        var (then, now) = (Exams.Small("X"), Exams.Small("X", 2));
        var payment = then.Sessions[0].Windows.Single(w => w.Kind is WindowKind.Payment);
        var own = new Window(WindowKind.Payment, payment.From, payment.Until.AddDays(1));
        then = then with { Sessions = [then.Sessions[0] with { Areas = [new("110000", "on-line", [own]), new("120000", "on-line", [])] }] };
        now = now with { Sessions = [now.Sessions[0] with { Windows = [.. now.Sessions[0].Windows.Where(w => w.Kind is not WindowKind.Payment)] }] };

        var session = then.WithSessionsOf(now, null).Sessions[0];

        Assert.Equal((own, payment), (session.Window("110000", WindowKind.Payment), session.Window("120000", WindowKind.Payment)));
    }

    [Fact]
    public void An_area_keeps_its_policy_one_that_has_joined_is_there_and_one_that_has_left_stays_only_for_who_is_in_it()
    {
        var (then, now) = (Exams.Small("X"), Exams.Small("X", 2));
        then = then with { Sessions = [then.Sessions[0] with { Areas = [new("110000", "on-line", []), new("350000", "on-line", [])] }] };
        now = now with
        {
            AreaPolicies = [.. now.AreaPolicies, now.AreaPolicies[0] with { Code = "new" }],
            Sessions = [now.Sessions[0] with { Areas = [new("110000", "on-site", []), new("120000", "on-site", []), new("130000", "new", [])] }],
        };

        Assert.Equal([("110000", "on-line"), ("120000", "on-site")], Areas(null));
        Assert.Equal([("110000", "on-line"), ("120000", "on-site"), ("350000", "on-line")], Areas("350000"));

        IEnumerable<(string, string)> Areas(string? leftAlone) => then.WithSessionsOf(now, leftAlone).Sessions[0].Areas.Select(a => (a.Area, a.Policy));
    }

    [Fact]
    public void A_session_that_the_newest_version_has_no_more_stays_as_it_was()
    {
        var (then, now) = (Exams.Small("X"), Exams.Small("X", 2).Next(s => s with { Code = "2028" }));

        Assert.Same(then.Sessions[0], then.WithSessionsOf(now, null).Sessions[0]);
    }

    private async Task<Person> Returned(string programme)
    {
        var person = await (await service.Applicant(programme).In(Person.Beijing)).Submit();
        await person.ReviewFailed("first");
        return person;
    }

    private static async Task<DateTimeOffset> DeadlineOf(Person person) => (DateTimeOffset)(await person.Look())["status"]!["until"]!;

    private Task<bool> Row(Person person, System.Linq.Expressions.Expression<Func<Application, bool>> like) => service.Query(db => db.Applications.Where(a => a.Id == person.Application).AnyAsync(like));
}
