using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;

namespace ExamPlatform.Payments.Tests;

/// <summary>Money that goes back.</summary>
[Collection(nameof(PaymentFixture))]
public class RefundTests(PaymentFixture service)
{
    private static RefundAnswer.Done Done(long amountInFen = 24400) => new("bank-1", amountInFen, new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_refund_goes_to_the_bank_when_a_second_officer_approved_it_and_is_told_once()
    {
        var (fee, order) = await service.Paid();
        service.Scripted.Says(order, Done(10000));

        var refund = await service.RefundApproved(order, 10000);
        await service.Becomes(refund, RefundState.Done);

        Assert.Equal([("refund", refund.Number, 10000L)], service.Scripted.AskedAbout(order));
        var told = Assert.Single(await service.Published<RefundCompleted>(fee.FeeId));
        Assert.Equal((fee.ApplicationId, fee.CandidateId, refund.Id, 10000L), (told.ApplicationId, told.CandidateId, told.RefundId, told.AmountInFen));
        Assert.Equal([(LedgerAccount.ExamFees, 10000L), (LedgerAccount.Bank, -10000L)], await service.Posting($"refunded:{refund.Id:N}"));
        Assert.Equal(FeeState.Paid, (await service.Row(fee)).State);
    }

    [Fact]
    public async Task Nothing_goes_to_the_bank_before_a_second_officer_approved_it()
    {
        var (_, order) = await service.Paid();
        await service.RefundAsked(order);

        service.Clock.Advance(TimeSpan.FromHours(2));
        await service.Watch.Round(CancellationToken.None);

        Assert.Empty(service.Scripted.AskedAbout(order));
    }

    [Fact]
    public async Task Whoever_asked_does_not_decide()
    {
        var (officer, (_, order)) = (Guid.NewGuid(), await service.Paid());
        var refund = await service.RefundAsked(order, by: officer);

        foreach (var approve in (bool[])[true, false])
        {
            using var answer = await service.TryDecide(refund, approve, service.Province(officer), "note");
            Assert.Equal((HttpStatusCode.Conflict, "same-officer"), (answer.StatusCode, await answer.Code()));
        }
        Assert.Equal(RefundState.Asked, (await service.Row(refund.Id)).State);
    }

    [Fact]
    public async Task A_refund_is_decided_once()
    {
        var (_, order) = await service.Paid();
        var refund = await service.RefundAsked(order);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => service.TryDecide(refund, n % 2 == 0, note: "已核实")));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        foreach (var late in answers.Where(a => a.StatusCode != HttpStatusCode.NoContent)) Assert.Equal("refund-decided", await late.Code());
    }

    [Fact]
    public async Task A_declined_refund_sends_nothing_and_says_why_and_its_money_can_be_asked_again()
    {
        var (_, order) = await service.Paid();
        var refund = await service.RefundAsked(order);

        using var wordless = await service.TryDecide(refund, approve: false);
        using var answer = await service.TryDecide(refund, approve: false, note: "不符合退费条件");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NoContent), (wordless.StatusCode, answer.StatusCode));
        Assert.Equal((RefundState.Declined, "不符合退费条件"), ((await service.Row(refund.Id)).State, (await service.Row(refund.Id)).Note));
        using var again = await service.TryRefund(order);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task Never_more_is_asked_back_than_was_paid_even_at_the_same_moment()
    {
        var (fee, order) = await service.Paid();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => service.TryRefund(order, 10000)));

        Assert.Equal(2, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created)) Assert.Equal("more-than-refundable", await refused.Code());
        Assert.Equal(20000, (await service.Query(db => Task.FromResult(db.Refunds.Where(r => r.FeeId == fee.FeeId).Sum(r => r.AmountInFen)))));
    }

    [Fact]
    public async Task The_refusal_and_the_list_quote_what_is_still_refundable()
    {
        var (fee, order) = await service.Paid();
        await service.RefundAsked(order, 24000);

        using var refused = await service.TryRefund(order, 401);

        Assert.Contains("400 fen", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        var seen = await service.Province().GetFromJsonAsync<JsonElement>($"/api/payments/applications/{fee.ApplicationId}");
        Assert.Equal(400, seen.GetProperty("fees")[0].GetProperty("orders")[0].GetProperty("refundableInFen").GetInt64());
    }

    [Fact]
    public async Task A_refund_is_for_officers_of_its_place_from_the_site_up()
    {
        var (fee, order) = await service.Paid();
        var refund = await service.RefundAsked(order);

        using var elsewhere = await service.TryRefund(order, by: service.Province(area: "350000/"));
        using var decidedElsewhere = await service.TryDecide(refund, by: service.Province(area: "350000/"));
        using var seenElsewhere = await service.Province(area: "350000/").GetAsync($"/api/payments/applications/{fee.ApplicationId}");
        using var point = await service.TryRefund(order, by: service.Officer("point", "110000/110100/"));
        using var decidedAtPoint = await service.TryDecide(refund, by: service.Officer("point", "110000/110100/"));
        using var candidate = await service.TryRefund(order, by: service.Candidate(fee.CandidateId));

        Assert.All([elsewhere, decidedElsewhere, seenElsewhere], a => Assert.Equal(HttpStatusCode.NotFound, a.StatusCode));
        Assert.All([point, decidedAtPoint, candidate], a => Assert.Equal(HttpStatusCode.Forbidden, a.StatusCode));
        Assert.Equal(RefundState.Asked, (await service.Row(refund.Id)).State);
    }

    [Fact]
    public async Task Nothing_goes_back_of_what_was_not_paid_or_only_practised()
    {
        var (_, open) = await service.OrderedByScript();
        var trial = await service.FeeFellDue(trial: true);
        using var practised = await service.TryOrder(trial, "practice");

        using var unpaid = await service.TryRefund(open);
        using var played = await service.TryRefund(await service.OrderOf(trial));

        Assert.Equal(("nothing-paid", "trial-fee"), (await unpaid.Code(), await played.Code()));
    }

    [Theory]
    [InlineData(0, "考生退考")]
    [InlineData(-1, "考生退考")]
    [InlineData(100, " ")]
    public async Task An_amount_and_a_reason_are_needed(long amountInFen, string reason)
    {
        var (_, order) = await service.Paid();

        using var answer = await service.TryRefund(order, amountInFen, reason: reason);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid-input"), (answer.StatusCode, await answer.Code()));
    }

    [Fact]
    public async Task A_request_repeated_under_its_key_asks_once()
    {
        var (_, order) = await service.Paid();
        var officer = service.Province();
        officer.DefaultRequestHeaders.Add("Idempotency-Key", "once");

        using var first = await service.TryRefund(order, 1000, officer);
        using var second = await service.TryRefund(order, 1000, officer);

        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(1, await service.Query(db => Task.FromResult(db.Refunds.Count(r => r.OrderId == order.Id))));
    }

    [Fact]
    public async Task A_lost_answer_is_asked_after_and_what_the_bank_never_got_is_sent_again_under_its_number()
    {
        var (_, order) = await service.Paid();
        service.Scripted.Says(order, new RefundAnswer.Silent("lost"), new RefundAnswer.Missing(), new RefundAnswer.Done("bank-1", 24400, service.Clock.Now));

        var refund = await service.RefundApproved(order);
        await service.Becomes(refund, RefundState.Unknown);
        service.Clock.Advance(TimeSpan.FromSeconds(31));
        await service.Becomes(refund, RefundState.Done);

        Assert.Equal(["refund", "query", "refund"], service.Scripted.AskedAbout(order).Select(a => a.Verb));
        Assert.All(service.Scripted.AskedAbout(order), a => Assert.Equal(refund.Number, a.Refund));
    }

    [Fact]
    public void A_refund_is_asked_after_at_5_and_30_seconds_2_and_10_minutes_and_hourly()
    {
        var refund = Some.RefundThatIs(RefundState.Sent);
        var sent = Some.Now;

        List<double> asked = [];
        for (var n = 0; n < 6; n++)
        {
            var at = refund.NextAskAt!.Value;
            asked.Add((at - sent).TotalSeconds);
            refund.TakeTurn(at);
        }

        Assert.Equal([5, 30, 120, 600, 4200, 7800], asked);
    }

    [Fact]
    public async Task What_the_bank_cannot_give_back_is_on_the_officers_list_and_still_asked_after()
    {
        var (_, order) = await service.Paid();
        service.Scripted.Says(order, new RefundAnswer.Abnormal("USER_ACCOUNT_ABNORMAL"), Done());

        var refund = await service.RefundApproved(order);
        await service.Becomes(refund, RefundState.Abnormal);
        var list = await service.Province().GetFromJsonAsync<JsonElement>("/api/payments/refunds?state=abnormal");
        service.Clock.Advance(TimeSpan.FromSeconds(5));
        await service.Becomes(refund, RefundState.Done);

        Assert.Contains(list.GetProperty("refunds").EnumerateArray(), r => r.GetProperty("refundId").GetGuid() == refund.Id && r.GetProperty("failedBecause").GetString() == "USER_ACCOUNT_ABNORMAL");
    }

    [Fact]
    public async Task What_the_bank_refuses_moves_no_money_and_can_be_asked_again()
    {
        var (fee, order) = await service.Paid();
        service.Scripted.Says(order, new RefundAnswer.Refused("NOT_ENOUGH"));

        var refund = await service.RefundApproved(order);
        await service.Becomes(refund, RefundState.Refused);

        Assert.Empty(await service.Posting($"refunded:{refund.Id:N}"));
        Assert.Empty(await service.Published<RefundCompleted>(fee.FeeId));
        Assert.Equal(24400, (await service.RefundAsked(order)).AmountInFen);
    }

    [Fact]
    public async Task Another_amount_than_asked_is_not_believed()
    {
        var (_, order) = await service.Paid();
        service.Scripted.Says(order, Done(24399));

        var refund = await service.RefundApproved(order);
        await Testing.Until.Async(() => Task.FromResult(service.Scripted.AskedAbout(order).Any()), what: "the bank was asked");

        Assert.NotEqual(RefundState.Done, (await service.Row(refund.Id)).State);
        Assert.Empty(await service.Posting($"refunded:{refund.Id:N}"));
    }

    [Fact]
    public async Task Money_that_paid_for_nothing_goes_back_by_itself()
    {
        var (fee, order) = await service.PaidTooLate(Done());

        await Testing.Until.Async(async () => (await service.Published<RefundCompleted>(fee.FeeId)).Count == 1, what: "it went back");

        var refund = await service.Query(db => Task.FromResult(db.Refunds.Single(r => r.OrderId == order.Id)));
        Assert.Equal((RefundState.Done, 24400L, null, null), (refund.State, refund.AmountInFen, refund.AskedBy, refund.Reason));
        Assert.Equal([(LedgerAccount.Bank, 24400L), (LedgerAccount.OwedBack, -24400L)], await service.Posting($"paid:{order.Id:N}:0"));
        Assert.Equal([(LedgerAccount.OwedBack, 24400L), (LedgerAccount.Bank, -24400L)], await service.Posting($"refunded:{refund.Id:N}"));
        Assert.Contains((await service.Row(fee)).History, step => step.RefundId == refund.Id && step.Source == "platform");
    }

    [Fact]
    public async Task The_candidate_sees_what_went_back_and_not_what_was_only_asked()
    {
        var (fee, order) = await service.Paid();
        service.Scripted.Says(order, Done(1000));
        var done = await service.RefundApproved(order, 1000);
        await service.Becomes(done, RefundState.Done);
        await service.RefundAsked(order, 500);

        var seen = Assert.Single((await service.Look(fee)).GetProperty("refunds").EnumerateArray());

        Assert.Equal((done.Id, "done", 1000L), (seen.GetProperty("refundId").GetGuid(), seen.GetProperty("state").GetString(), seen.GetProperty("amountInFen").GetInt64()));
    }

    [Fact]
    public async Task A_callback_of_a_refund_counts_once_however_often_it_comes()
    {
        var (fee, order) = await service.Paid();
        var refund = await service.RefundApproved(order);
        await service.Becomes(refund, RefundState.Sent);
        var notice = new ScriptedBank.Notice($"event-{refund.Number}", order.Number, refund.Number, 24400, service.Clock.Now);

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Call(notice)));

        Assert.Single(verdicts, "Accepted");
        Assert.Equal(5, verdicts.Count(v => v == "Repeated"));
        Assert.Equal(RefundState.Done, (await service.Row(refund.Id)).State);
        Assert.Single(await service.Published<RefundCompleted>(fee.FeeId));
    }

    [Fact]
    public async Task A_callback_of_a_refund_that_is_forged_or_wrong_changes_nothing()
    {
        var ((_, order), (_, other)) = (await service.Paid(), await service.Paid());
        var refund = await service.RefundApproved(order);
        await service.Becomes(refund, RefundState.Sent);
        var right = new ScriptedBank.Notice($"event-{refund.Number}", order.Number, refund.Number, 24400, service.Clock.Now);

        Assert.Equal("Forged", await Call(right with { Forged = true }));
        Assert.Equal("WrongFacts", await Call(right with { AmountInFen = 1 }));
        Assert.Equal("WrongFacts", await Call(right with { Number = other.Number }));
        Assert.Equal("WrongFacts", await Call(right with { RefundNumber = "unknown" }));
        Assert.Equal(RefundState.Sent, (await service.Row(refund.Id)).State);
    }

    private async Task<string> Call(ScriptedBank.Notice notice)
    {
        using var answer = await service.Anonymous().PostAsJsonAsync("/callbacks/scripted", notice, JsonSerializerOptions.Default);
        return await answer.Content.ReadAsStringAsync();
    }
}
