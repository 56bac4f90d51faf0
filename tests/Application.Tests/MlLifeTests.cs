namespace ExamPlatform.Applications.Tests;

/// <summary>医师资格考试: nothing is changed, one gives up and starts again; what fails has failed for good (seed 003).</summary>
public sealed class MlLifeTests
{
    private static readonly Exam Ml = MlTests.Ml;
    private static readonly DateTimeOffset EndOfRegistration = new(2027, 1, 18, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_sent_in_is_neither_changed_nor_taken_back()
    {
        var application = Ml.AtStage("on-site-qualification");

        Assert.Equal("not-open-for-editing", Ml.Save(application, "attempts", "count", "2")?.Code);
        Assert.Equal("not-open-for-editing", Ml.Submit(application)?.Code);
        Assert.Equal("no-withdrawal", application.Withdraw(Ml.Programme, Exam.Now)?.Code);
        Assert.Equal("area-fixed", application.ChooseArea("350000", "350100", Ml.Programme, Ml.Profile, Exam.Now)?.Code);
    }

    [Fact]
    public void While_registration_lasts_one_gives_up_and_starts_again()
    {
        Exam.Must(Ml.AtStage("on-site-qualification").GiveUp(Ml.Programme, EndOfRegistration.AddSeconds(-1)));
        Assert.Equal("outside-window", Ml.AtStage("on-site-qualification").GiveUp(Ml.Programme, EndOfRegistration)?.Code);
    }

    [Fact]
    public void Another_area_chosen_before_sending_in_clears_nothing()
    {
        var application = Ml.Draft();
        var answers = application.Answers;
        Exam.Must(application.ChooseArea("350000", "350100", Ml.Programme, Ml.Profile, Exam.Now));

        Assert.Same(answers, application.Answers);
    }

    [Fact]
    public void The_site_sees_everybody_in_person_and_the_area_reviews() => Assert.Equal(
        ["on-site-qualification Confirmation Site Area 15", "area-review Review Area National 15"], Ml.Programme.Stages.Select(s => $"{s.Code} {s.Kind} {s.Decider} {s.Appeal?.Decider} {s.Appeal?.WithinDays}"));

    [Theory]
    [InlineData("110000")]
    [InlineData("350000")]
    public void Who_does_not_come_has_given_up(string area)
    {
        var application = (Ml with { At = [area, area[..3] + "100"] }).AtStage("on-site-qualification");
        Assert.Equal(DeadlineTask.Confirm, application.AwaitedTask);
        Exam.Must(application.MissDeadline(Ml.Programme, Exam.AfterAll));

        Assert.Equal((Standing.Abandoned, AbandonCause.ConfirmationMissed), (application.Standing, application.AbandonedFor));
    }

    [Fact]
    public void What_is_wrong_is_mended_through_the_officer_while_the_site_looks_at_it_and_only_that()
    {
        var application = Ml.AtStage("on-site-qualification");
        Ml.Fail(application, "photo-unfit");

        Assert.Equal((Standing.ReturnedForCorrection, "photo"), (application.Standing, string.Join(' ', application.OpenItems(application.Filling(Ml.Programme, Ml.Profile, Exam.Now))!)));
        Exam.Must(application.Attach(Guid.NewGuid(), application.Documents, Ml.Programme, Ml.Profile, Exam.Now));
        Exam.Must(Ml.Submit(application));
        Assert.Equal("on-site-qualification", application.Stage);
    }

    [Theory]
    [InlineData("on-site-qualification", "education-unfit")]
    [InlineData("on-site-qualification", "certificate-unfit", "photo-unfit")]
    [InlineData("on-site-qualification", "exam-unfit")]
    [InlineData("area-review", "other")]
    public void Who_does_not_qualify_has_failed_for_good_and_can_appeal_for_fifteen_days(string stage, params string[] reasons)
    {
        var application = Ml.AtStage(stage);
        Exam.Must(application.Fail(Exam.On(application), reasons, "", Ml.Programme, Exam.Now));

        Assert.Equal((Standing.Rejected, Exam.Now.AddDays(15)), (application.Standing, application.DeadlineAt));
        Assert.Null(application.Appeal(Ml.Programme, Exam.Now));
    }

    [Fact]
    public void A_granted_appeal_goes_on_after_the_failed_stage()
    {
        var application = Ml.AtStage("on-site-qualification");
        Ml.Fail(application, "education-unfit");
        Exam.Must(application.Appeal(Ml.Programme, Exam.Now));
        Exam.Must(application.GrantAppeal(Exam.On(application), Ml.Programme, Exam.Now));

        Assert.Equal("area-review", application.Stage);
    }

    [Fact]
    public void Some_areas_take_the_fee_on_line_when_everything_is_passed()
    {
        var application = Ml.AtStage("area-review");
        Ml.Pass(application);

        Assert.Equal((Standing.AwaitingPayment, 30_000), (application.Standing, application.FeeInFen));
    }

    [Fact]
    public void In_the_others_the_last_review_completes_the_registration()
    {
        var application = (Ml with { At = Person.Fujian }).AtStage("area-review");
        Ml.Pass(application);

        Assert.Equal((Standing.Registered, null), (application.Standing, application.FeeId));
    }

    [Theory]
    [InlineData("on-site-qualification", "photo-unfit photo", "education-unfit experience/education", "certificate-unfit certificates/assistant", "permit-wrong basic/travelPermit", "exam-unfit report/exam",
        "identity-wrong basic/identity", "other ")]
    [InlineData("area-review", "education-unfit experience/education", "training-unfit experience/training", "exam-unfit report/exam", "attempts-wrong attempts/count", "other ")]
    public void Each_reason_names_what_is_wrong(string stage, params string[] reasons) => Assert.Equal(reasons, Ml.Programme.Stage(stage).Reasons.Select(r => $"{r.Code} {r.Item}"));
}
