using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>What the application does with messages that come twice, late, or for what has been replaced.</summary>
public sealed class MessageTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Fact]
    public async Task The_same_decision_delivered_twice_counts_once()
    {
        var (person, message) = (await Submitted(), Guid.NewGuid());
        await person.Confirmed(messageId: message);
        await person.Confirmed(messageId: message);
        await person.Confirmed();

        Assert.Equal("site-review", (string)(await person.Look())["stage"]!);
        Assert.Equal(["confirmation", "site-review"], (await service.Published<StageOpened>(person.Application)).Select(m => m.Stage));
    }

    [Fact]
    public async Task A_decision_on_a_replaced_version_changes_nothing()
    {
        var person = await Submitted();
        await person.Http.PostAsync($"{person.Address}/withdrawal", null);
        await person.Submit();
        await person.Confirmed(version: 1);

        Assert.Equal("confirmation", (string)(await person.Look())["stage"]!);
        Assert.Equal(["Submit", "Withdraw", "Submit"], await service.Query(db => db.History.Where(h => h.ApplicationId == person.Application).OrderBy(h => h.Id).Select(h => h.Event.ToString()).ToListAsync()));
    }

    [Fact]
    public async Task A_decision_on_an_application_that_does_not_exist_is_refused_and_not_parked() =>
        await new Person(service).Confirmed();

    [Fact]
    public async Task A_failed_review_is_returned_with_its_reasons_and_resumes_at_the_site()
    {
        var person = await Submitted();
        await person.Confirmed();
        await person.ReviewPassed("site-review");
        await person.ReviewFailed("area-review");
        var returned = await person.Look();
        await person.Submit();

        Assert.Equal(("returned", "correct", "area-review"), ((string)returned["status"]!["where"]!, (string)returned["status"]!["next"]!, (string)returned["returned"]!["stage"]!));
        Assert.Equal("site-review", (string)(await person.Look())["stage"]!);
    }

    [Fact]
    public async Task The_fee_falls_due_once_and_a_closed_one_is_matched_to_the_bank()
    {
        var person = await AtPayment();
        var fee = Assert.Single(await service.Published<FeeDue>(person.Application));
        await person.FeeClosed(fee.FeeId);
        var closed = await person.Look();
        await person.Paid(fee.FeeId);
        await person.Paid(fee.FeeId);

        Assert.Equal(("abandoned", "payment-missed"), ((string)closed["standing"]!, (string)closed["abandonedFor"]!));
        Assert.Equal("registered", (string)(await person.Look())["standing"]!);
        Assert.Single(await service.Published<RegistrationCompleted>(person.Application));
    }

    [Fact]
    public async Task A_late_payment_does_not_bring_one_back_beside_another_live_application()
    {
        var person = await AtPayment();
        var (first, fee) = (person.Application, (await service.Published<FeeDue>(person.Application))[0]);
        await person.FeeClosed(fee.FeeId);
        await person.Start();
        await service.Deliver(new Payments.Contracts.PaymentReceived(first, person.Id, fee.FeeId, Guid.NewGuid(), 24400, "wechat-native", service.Clock.Now, service.Clock.Now));

        Assert.Equal(Standing.Abandoned, await service.Query(db => db.Applications.Where(a => a.Id == first).Select(a => a.Standing).SingleAsync()));
    }

    [Fact]
    public async Task What_officers_write_to_each_other_is_not_in_the_candidates_history()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        await person.Confirmed();
        await service.Deliver(new Reviews.Contracts.SentBack(person.Application, 1, "site-review", Guid.NewGuid(), Guid.NewGuid(), "这人的材料再看一遍", service.Clock.Now));

        var history = (await Person.Json(await person.Http.GetAsync($"{person.Address}/history"))).AsArray();
        Assert.Equal("stepBack", (string)history[^1]!["event"]!);
        Assert.Empty(history[^1]!["reasons"]!.AsArray());
    }

    [Fact]
    public async Task Only_a_decision_that_counts_tells_that_a_stage_is_passed()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        await person.Confirmed(version: 2);
        await person.Confirmed();
        await person.Confirmed();

        Assert.Equal([("confirmation", 1)], (await service.Published<StagePassed>(person.Application)).Select(m => (m.Stage, m.Version)));
    }

    [Fact]
    public async Task The_history_names_who_did_what()
    {
        var person = await AtPayment();
        var history = (await Person.Json(await person.Http.GetAsync($"{person.Address}/history"))).AsArray();

        Assert.Equal(["submit candidate", "passStage officer", "passStage officer", "fallDue officer"], history.Select(h => $"{h!["event"]} {h["by"]}"));
    }

    private async Task<Person> Submitted() => await (await (await (await service.APerson()).Start()).Fill()).Submit();

    private async Task<Person> AtPayment()
    {
        var person = await Submitted();
        await person.Confirmed();
        await person.ReviewPassed("site-review");
        await person.ReviewPassed("area-review");
        return person;
    }
}
