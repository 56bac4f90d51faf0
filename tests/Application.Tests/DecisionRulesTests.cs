namespace ExamPlatform.Applications.Tests;

/// <summary>The conditions beside the table: version, stage, window, fee.</summary>
public sealed class DecisionRulesTests
{
    [Fact]
    public void A_decision_on_a_version_that_has_been_replaced_changes_nothing()
    {
        var application = Hp.At(Standing.ReturnedForCorrection);
        Hp.Must(application.Submit(Hp.Programme, Hp.Profile, Hp.Now));

        var refusal = application.Pass(new("confirmation", 1, Hp.Officer), Hp.Programme, Hp.Now);

        Assert.Equal("version-replaced", refusal?.Code);
        Assert.Equal((Standing.Submitted, "confirmation"), (application.Standing, application.Stage));
    }

    [Fact]
    public void A_decision_of_another_stage_changes_nothing() =>
        Assert.Equal("wrong-stage", Hp.AtStage("site-review") is var application ? application.Fail(Hp.On(application, "area-review"), ["other"], "", Hp.Programme, Hp.Now)?.Code : null);

    [Fact]
    public void A_corrected_version_starts_again_at_the_stage_that_the_failed_one_names()
    {
        var application = Hp.AtStage("area-review");
        Hp.Must(application.Fail(Hp.On(application, "area-review"), ["other"], "", Hp.Programme, Hp.Now));
        Hp.Must(application.Submit(Hp.Programme, Hp.Profile, Hp.Now));

        Assert.Equal("site-review", application.Stage);
    }

    [Fact]
    public void A_withdrawn_version_starts_again_at_the_first_stage_and_keeps_its_answers()
    {
        var application = Hp.AtStage("confirmation");
        var answers = application.Answers;
        Hp.Must(application.Withdraw(Hp.Programme, Hp.Now));
        Hp.Must(application.Submit(Hp.Programme, Hp.Profile, Hp.Now));

        Assert.Equal(("confirmation", 2), (application.Stage, application.Submitted));
        Assert.Same(answers, application.Submissions[1].Answers);
    }

    [Fact]
    public void What_is_confirmed_cannot_be_withdrawn() =>
        Assert.Equal("too-late-to-withdraw", Hp.AtStage("site-review").Withdraw(Hp.Programme, Hp.Now)?.Code);

    [Fact]
    public void Nothing_is_withdrawn_after_the_confirmation_window() =>
        Assert.Equal("outside-window", Hp.AtStage("confirmation").Withdraw(Hp.Programme, Hp.AfterAll)?.Code);

    [Fact]
    public void A_programme_without_a_withdraw_rule_takes_nothing_back() =>
        Assert.Equal("no-withdrawal", Hp.AtStage("confirmation").Withdraw(Hp.Programme with { Change = new(null, "test") }, Hp.Now)?.Code);

    [Theory]
    [InlineData("2026-11-01T00:59:59Z", "outside-window")]
    [InlineData("2026-11-01T01:00:00Z", null)]
    [InlineData("2027-01-15T08:59:59Z", null)]
    [InlineData("2027-01-15T09:00:00Z", "outside-window")]
    public void The_first_version_is_taken_from_the_opening_of_registration_until_its_end(string now, string? refused) =>
        Assert.Equal(refused, Hp.Draft().MaySubmit(Hp.Programme, DateTimeOffset.Parse(now, null))?.Code);

    [Fact]
    public void An_area_with_a_window_of_its_own_closes_by_that_one() =>
        Assert.Equal("outside-window", Hp.Draft(["440000", "440100"]).MaySubmit(Hp.Programme, new(2027, 1, 13, 0, 0, 0, TimeSpan.Zero))?.Code);

    [Fact]
    public void A_correction_is_taken_until_its_deadline_even_after_registration_has_closed()
    {
        var application = Hp.At(Standing.ReturnedForCorrection);

        Assert.Null(application.MaySubmit(Hp.Programme, application.DeadlineAt!.Value.AddSeconds(-1)));
        Assert.Equal("outside-window", application.MaySubmit(Hp.Programme, application.DeadlineAt.Value)?.Code);
    }

    [Fact]
    public void Who_is_returned_in_the_last_hour_of_the_window_still_has_three_days()
    {
        var application = Hp.AtStage("confirmation");
        var lastHour = new DateTimeOffset(2027, 1, 25, 8, 30, 0, TimeSpan.Zero);
        Hp.Must(application.Fail(Hp.On(application, "confirmation"), ["other"], "", Hp.Programme, lastHour));

        Assert.Equal(lastHour.AddDays(3), application.DeadlineAt);
    }

    [Fact]
    public void Who_waits_for_an_officer_on_line_is_never_abandoned_for_the_officers_delay() =>
        Assert.Equal("deadline-ahead", Hp.AtStage("confirmation").MissDeadline(Hp.Programme, Hp.AfterAll)?.Code);

    [Fact]
    public void Money_the_bank_took_in_time_registers_even_after_the_fee_was_closed()
    {
        var application = Hp.AbandonedForPayment();

        Hp.Must(application.Pay(application.FeeId!.Value, application.FeeInFen!.Value, application.FeeDueAt!.Value, Hp.AfterAll));

        Assert.Equal((Standing.Registered, null), (application.Standing, application.AbandonedFor));
    }

    [Fact]
    public void Money_the_bank_took_too_late_does_not_bring_back_what_was_abandoned() =>
        Assert.Equal("paid-too-late", Hp.AbandonedForPayment() is var a ? a.Pay(a.FeeId!.Value, a.FeeInFen!.Value, a.FeeDueAt!.Value.AddSeconds(1), Hp.AfterAll)?.Code : null);

    [Fact]
    public void Money_the_bank_took_too_late_is_a_missed_deadline()
    {
        var application = Hp.At(Standing.AwaitingPayment);
        Hp.Must(application.Pay(application.FeeId!.Value, application.FeeInFen!.Value, application.FeeDueAt!.Value.AddSeconds(1), Hp.AfterAll));

        Assert.Equal((Standing.Abandoned, AbandonCause.PaymentMissed), (application.Standing, application.AbandonedFor));
    }

    [Fact]
    public void Who_gave_up_is_not_registered_by_a_payment()
    {
        var application = Hp.At(Standing.AwaitingPayment);
        Hp.Must(application.GiveUp(Hp.Programme, Hp.Now));

        Assert.Equal("wrong-standing", application.Pay(application.FeeId!.Value, application.FeeInFen!.Value, Hp.Now, Hp.Now)?.Code);
    }

    [Fact]
    public void A_payment_of_another_amount_or_another_fee_changes_nothing()
    {
        var application = Hp.At(Standing.AwaitingPayment);

        Assert.Equal("wrong-amount", application.Pay(application.FeeId!.Value, 1, Hp.Now, Hp.Now)?.Code);
        Assert.Equal("fee-replaced", application.Pay(Guid.NewGuid(), 24400, Hp.Now, Hp.Now)?.Code);
        Assert.Equal("fee-replaced", application.CloseFee(Guid.NewGuid(), Hp.Now)?.Code);
        Assert.Equal(Standing.AwaitingPayment, application.Standing);
    }

    [Fact]
    public void Each_version_has_a_verification_code_of_its_own()
    {
        var application = Hp.At(Standing.ReturnedForCorrection);
        Hp.Must(application.Submit(Hp.Programme, Hp.Profile, Hp.Now));

        Assert.NotEqual(application.Submissions[0].VerificationCode, application.Submissions[1].VerificationCode);
        Assert.Matches("^[2-9A-HJKMNP-TW-Z]{12}$", application.Submissions[0].VerificationCode);
    }
}
