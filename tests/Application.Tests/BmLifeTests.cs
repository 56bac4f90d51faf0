namespace ExamPlatform.Applications.Tests;

/// <summary>盲人医疗按摩人员考试: accepted, reviewed twice, changed meanwhile (seed 000).</summary>
public sealed class BmLifeTests
{
    private static readonly Exam Bm = BmTests.WithDegree;
    private static readonly DateTimeOffset EndOfReview = new(2027, 2, 15, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_city_accepts_and_reviews_first_and_the_province_second() => Assert.Equal(
        ["acceptance Acceptance Site", "first-review Review Site", "second-review Review Area"], Bm.Programme.Stages.Select(s => $"{s.Code} {s.Kind} {s.Decider}"));

    [Fact]
    public void To_be_accepted_one_must_be_in_the_disability_register() =>
        Assert.Equal("report/certificate", Assert.IsType<DisabilityRegisterCheck>(Assert.Single(Bm.Programme.Stage("acceptance").Checks!)).Field);

    [Fact]
    public void The_second_review_completes_the_registration_in_all_31_areas_without_a_fee()
    {
        var application = Bm.AtStage("second-review");
        Bm.Pass(application);

        Assert.Equal((Standing.Registered, null), (application.Standing, application.FeeId));
        Assert.Equal(31, Bm.Session.Areas.Count);
        Assert.All(Bm.Session.Areas, a => Assert.Null(Bm.Programme.PolicyOf(Bm.Session, a.Area)!.Payment));
    }

    [Theory]
    [InlineData("acceptance")]
    [InlineData("first-review")]
    public void What_is_filled_in_can_be_changed_until_the_first_review_is_passed(string stage)
    {
        var application = Bm.AtStage(stage);
        Exam.Must(Bm.Save(application, "work", "years", "7", EndOfReview.AddSeconds(-1)));
        Exam.Must(Bm.Submit(application, EndOfReview.AddSeconds(-1)));

        Assert.Equal((stage, 2, "7"), (application.Stage, application.Submitted, application.Submissions[1].Answers["work/years"]));
    }

    [Fact]
    public void After_the_first_review_nothing_is_changed_any_more() => Assert.Equal("not-open-for-editing", Bm.Save(Bm.AtStage("second-review"), "work", "years", "7")?.Code);

    [Fact]
    public void Nothing_is_changed_after_the_time_of_review() => Assert.Equal("outside-window", Bm.Save(Bm.AtStage("first-review"), "work", "years", "7", EndOfReview)?.Code);

    [Fact]
    public void What_is_sent_in_is_changed_and_not_taken_back() => Assert.Equal("no-withdrawal", Bm.AtStage("acceptance").Withdraw(Bm.Programme, Exam.Now)?.Code);

    [Fact]
    public void Before_acceptance_another_area_is_chosen_and_clears_nothing()
    {
        var application = Bm.AtStage("acceptance");
        var answers = application.Answers;
        Exam.Must(application.ChooseArea("110000", "110100", Bm.Programme, Bm.Profile, Exam.Now));

        Assert.Equal(("110000", answers), (application.AreaCode, application.Answers));
    }

    [Fact]
    public void Acceptance_fixes_the_area_until_it_is_sent_back_to_there()
    {
        var application = Bm.AtStage("first-review");
        Assert.Equal("area-fixed", application.ChooseArea("110000", "110100", Bm.Programme, Bm.Profile, Exam.Now)?.Code);
        Exam.Must(application.StepBack(Exam.On(application), Bm.Programme, Exam.Now));

        Assert.Null(application.ChooseArea("110000", "110100", Bm.Programme, Bm.Profile, Exam.Now));
    }

    [Fact]
    public void Who_is_not_accepted_chooses_another_area_and_is_accepted_there()
    {
        var application = Bm.AtStage("acceptance");
        Bm.Fail(application, "other-area");
        Exam.Must(application.ChooseArea("110000", "110100", Bm.Programme, Bm.Profile, Exam.Now));
        Exam.Must(Bm.Submit(application));

        Assert.Equal(("acceptance", "110000/110100/"), (application.Stage, application.AreaPath));
    }

    [Fact]
    public void A_failed_first_review_is_corrected_while_reviews_last_and_reviewed_again()
    {
        var application = Bm.AtStage("first-review");
        Bm.Fail(application, "years-differ");
        Assert.Equal((Standing.ReturnedForCorrection, EndOfReview), (application.Standing, application.DeadlineAt));
        Exam.Must(Bm.Submit(application));

        Assert.Equal("first-review", application.Stage);
    }

    [Fact]
    public void A_failed_second_review_is_passed_on_by_the_city()
    {
        var application = Bm.AtStage("second-review");
        Bm.Fail(application, "level-unfit");
        Assert.Equal((Standing.AwaitingRelease, Exam.Now.AddHours(48), DeciderLevel.Site), (application.Standing, application.DeadlineAt, ((ReleaseThenReturn)Bm.Programme.Stage("second-review").OnFail).By));
        Exam.Must(application.Release(Exam.On(application), Bm.Programme, Exam.Now));

        Assert.Equal((Standing.ReturnedForCorrection, EndOfReview), (application.Standing, application.DeadlineAt));
    }

    [Fact]
    public void A_city_that_is_late_is_passed_over()
    {
        var application = Bm.AtStage("second-review");
        Bm.Fail(application, "level-unfit");
        Exam.Must(application.MissDeadline(Bm.Programme, Exam.Now.AddHours(48)));

        Assert.Equal((Standing.ReturnedForCorrection, LifeEvent.PassOver), (application.Standing, application.History[^1].Event));
    }

    [Fact]
    public void What_the_province_has_failed_and_is_mended_starts_again_at_the_first_review()
    {
        var application = Bm.AtStage("second-review");
        Bm.Fail(application, "level-unfit");
        Exam.Must(application.Release(Exam.On(application), Bm.Programme, Exam.Now));
        Exam.Must(Bm.Submit(application));

        Assert.Equal("first-review", application.Stage);
    }

    [Theory]
    [InlineData("acceptance", "other-area area", "not-in-register report/certificate", "other ")]
    [InlineData("first-review", "photo-unfit photo", "education-proof-unfit education-proof", "commitment-unfit commitment", "practice-proof-unfit practice-proof", "licence-unsealed licence-copy",
        "type-wrong report/type", "school-differs education/school", "years-differ work/years", "needs-unproven needs/paper", "other ")]
    [InlineData("second-review", "photo-unfit photo", "level-unfit education/level", "years-short work/years", "licence-unfit licence-copy", "employer-unfit work/employerKind", "other ")]
    public void Each_reason_names_what_is_to_be_mended(string stage, params string[] reasons) => Assert.Equal(reasons, Bm.Programme.Stage(stage).Reasons.Select(r => $"{r.Code} {r.Item}"));
}
