namespace ExamPlatform.Applications.Tests;

/// <summary>Replacing, sending back, releasing a failure, appealing: what beside the table has to hold.</summary>
public sealed class ChangeTests
{
    private static readonly ExamProgramme Locking = Hp.EditingProgramme with { Stages = [.. Hp.Programme.Stages.Select((s, i) => i == 0 ? s with { LocksArea = true } : s)] };

    [Fact]
    public void What_says_the_same_as_was_sent_in_replaces_nothing()
    {
        var application = Hp.AtStage("confirmation");
        Assert.Equal("nothing-changed", application.Submit(Hp.EditingProgramme, Hp.Profile, Hp.Now)?.Code);

        Hp.Must(application.Attach(Guid.NewGuid(), application.Documents, Hp.EditingProgramme, Hp.Profile, Hp.Now));
        Hp.Must(application.Submit(Hp.EditingProgramme, Hp.Profile, Hp.Now));
        Assert.Equal((2, "nothing-changed"), (application.Submitted, application.Submit(Hp.EditingProgramme, Hp.Profile, Hp.Now)?.Code));
    }

    [Fact]
    public void A_replaced_version_goes_on_at_the_stage_it_is_at()
    {
        var application = Hp.AtStage("site-review");
        Hp.Must(application.Attach(Guid.NewGuid(), application.Documents, Hp.EditingProgramme, Hp.Profile, Hp.Now));
        Hp.Must(application.Submit(Hp.EditingProgramme, Hp.Profile, Hp.Now));

        Assert.Equal(("site-review", 2, false), (application.Stage, application.Submitted, application.IsCurrent(1)));
        Assert.Equal("version-replaced", application.Pass(new("site-review", 1, Hp.Officer), Hp.EditingProgramme, Hp.Now)?.Code);
    }

    [Fact]
    public void What_is_edited_and_not_sent_in_decides_nothing()
    {
        var application = Hp.AtStage("confirmation");
        Hp.Must(application.ChooseArea("350000", "350100", Hp.EditingProgramme, Hp.Profile, Hp.Now));
        Hp.Must(application.SaveStep(Hp.Programme.Form[0], new Dictionary<string, string> { ["level"] = "senior" }, Hp.EditingProgramme, Hp.Profile, Hp.Now));
        while (application.Stage is { } stage) Hp.Must(application.Pass(Hp.On(application, stage), Hp.EditingProgramme, Hp.Now));

        // Fujian takes no payment and its people confirm on site
        Assert.Equal((Standing.AwaitingPayment, "110000/110100/", 24400L), (application.Standing, application.AreaPath, application.FeeInFen!.Value));
    }

    [Fact]
    public void What_has_passed_the_last_stage_of_the_edit_rule_is_neither_edited_nor_replaced()
    {
        var application = Hp.AtStage("area-review");

        Assert.Equal("not-open-for-editing", application.SaveStep(Hp.Programme.Form[0], new Dictionary<string, string>(), Hp.EditingProgramme, Hp.Profile, Hp.Now)?.Code);
        Assert.Equal("not-open-for-editing", application.Submit(Hp.EditingProgramme, Hp.Profile, Hp.Now)?.Code);
    }

    [Fact]
    public void Nothing_is_replaced_after_the_window() =>
        Assert.Equal("outside-window", Hp.AtStage("confirmation").Submit(Hp.EditingProgramme, Hp.Profile, Hp.AfterAll)?.Code);

    [Fact]
    public void The_area_changes_until_the_stage_that_fixes_it_is_passed_and_keeps_what_is_filled_in()
    {
        var application = Hp.AtStage("confirmation");
        var answers = application.Answers;
        Hp.Must(application.ChooseArea("350000", "350100", Locking, Hp.Profile, Hp.Now));

        Assert.Same(answers, application.Answers);
        Assert.Equal("area-fixed", Hp.AtStage("site-review").ChooseArea("350000", "350100", Locking, Hp.Profile, Hp.Now)?.Code);
    }

    [Fact]
    public void Sent_back_to_the_stage_that_fixes_the_area_it_can_be_changed_again()
    {
        var application = Hp.AtStage("site-review");
        Hp.Must(application.StepBack(Hp.On(application, "site-review"), Locking, Hp.Now));

        Assert.Equal("confirmation", application.Stage);
        Assert.Null(application.ChooseArea("350000", "350100", Locking, Hp.Profile, Hp.Now));
    }

    [Fact]
    public void Each_opening_of_a_stage_has_a_number_of_its_own()
    {
        var application = Hp.AtStage("site-review");
        var round = application.Round;
        Hp.Must(application.StepBack(Hp.On(application, "site-review"), Hp.Programme, Hp.Now));
        Hp.Must(application.Pass(Hp.On(application, "confirmation"), Hp.Programme, Hp.Now));

        Assert.Equal((round + 2, 1), (application.Round, application.Submitted));
    }

    [Fact]
    public void Nothing_is_sent_back_from_the_first_stage() =>
        Assert.Equal("nothing-before", Hp.AtStage("confirmation") is var a ? a.StepBack(Hp.On(a, "confirmation"), Hp.Programme, Hp.Now)?.Code : null);

    [Fact]
    public void A_failure_that_waits_to_be_passed_on_gives_the_candidate_no_deadline_yet()
    {
        var application = Hp.At(Standing.AwaitingRelease);

        Assert.Equal((null, Hp.Now.AddHours(48)), (application.AwaitedTask, application.LapsesAt));
        Assert.Equal("deadline-ahead", application.MissDeadline(Hp.ReleasingProgramme, Hp.Now.AddHours(48).AddSeconds(-1))?.Code);
    }

    [Fact]
    public void A_level_that_is_late_is_passed_over_and_the_candidate_has_the_whole_time_to_correct()
    {
        var application = Hp.At(Standing.AwaitingRelease);
        var late = Hp.Now.AddHours(48);
        Hp.Must(application.MissDeadline(Hp.ReleasingProgramme, late));

        Assert.Equal((Standing.ReturnedForCorrection, LifeEvent.PassOver, (Guid?)null), (application.Standing, application.History[^1].Event, application.History[^1].ActorId));
        Assert.Equal(DeadlineTask.Correct, application.AwaitedTask);
        Assert.Equal(["photo-unfit"], application.History[^1].Reasons);
        Assert.True(application.DeadlineAt >= late.AddDays(3));
    }

    [Fact]
    public void A_release_of_another_stage_or_version_changes_nothing()
    {
        var application = Hp.At(Standing.AwaitingRelease);

        Assert.Equal("wrong-stage", application.Release(Hp.On(application, "site-review"), Hp.ReleasingProgramme, Hp.Now)?.Code);
        Assert.Equal("version-replaced", application.Release(new("confirmation", 7, Hp.Officer), Hp.ReleasingProgramme, Hp.Now)?.Code);
        Assert.Equal(Standing.AwaitingRelease, application.Standing);
    }

    [Fact]
    public void An_appeal_is_possible_in_time_and_once()
    {
        var application = Hp.At(Standing.Rejected);
        Assert.Equal("outside-window", application.Appeal(Hp.AppealingProgramme, Hp.Now.AddDays(15))?.Code);
        Hp.Must(application.Appeal(Hp.AppealingProgramme, Hp.Now.AddDays(15).AddSeconds(-1)));
        Hp.Must(application.DismissAppeal(Hp.On(application, "confirmation"), ["other"], "维持", Hp.Now));

        Assert.Equal("appealed-already", application.Appeal(Hp.AppealingProgramme, Hp.Now)?.Code);
    }

    [Fact]
    public void Where_no_appeal_is_foreseen_there_is_none() =>
        Assert.Equal("no-appeal", Hp.At(Standing.Rejected).Appeal(Hp.RejectingProgramme, Hp.Now)?.Code);

    [Fact]
    public void A_granted_appeal_counts_the_stage_as_passed()
    {
        var application = Hp.At(Standing.Appealed);
        Assert.Equal("wrong-standing", application.Pass(Hp.On(application, "confirmation"), Hp.AppealingProgramme, Hp.Now)?.Code);
        Hp.Must(application.GrantAppeal(Hp.On(application, "confirmation"), Hp.AppealingProgramme, Hp.Now));

        Assert.Equal((Standing.Submitted, "site-review"), (application.Standing, application.Stage));
        Assert.Null(application.Returned);
    }

    [Fact]
    public void Outside_the_window_of_the_give_up_rule_nothing_is_given_up()
    {
        var programme = Hp.Programme with { Change = new(null, "test", GiveUp: new(WindowKind.Registration, "test")) };

        Assert.Equal("outside-window", Hp.AtStage("confirmation").GiveUp(programme, Hp.AfterAll)?.Code);
        Assert.Null(Hp.AtStage("confirmation").GiveUp(programme, Hp.Now));
    }

    [Fact]
    public void Only_what_the_reasons_name_can_be_corrected()
    {
        var application = Complete("diploma-unreadable");
        var documents = new Dictionary<string, Guid>(application.Documents);

        Assert.Equal("item-not-open", application.SaveStep(Hp.Programme.Section("work")!, new Dictionary<string, string> { ["employer"] = "另一医院" }, Hp.Programme, Hp.Profile, Hp.Now)?.Code);
        Assert.Equal("item-not-open", application.Attach(Guid.NewGuid(), documents, Hp.Programme, Hp.Profile, Hp.Now)?.Code);
        documents["diploma"] = Guid.NewGuid();
        Assert.Null(application.Attach(application.PhotoId, documents, Hp.Programme, Hp.Profile, Hp.Now));
        Assert.Equal(["documents/diploma"], application.OpenItems(application.Filling(Hp.Programme, Hp.Profile, Hp.Now))!);
    }

    [Fact]
    public void A_reason_about_the_whole_opens_everything() =>
        Assert.Null(Complete("diploma-unreadable", "other") is var application ? application.OpenItems(application.Filling(Hp.Programme, Hp.Profile, Hp.Now)) : null);

    [Fact]
    public void What_a_correction_makes_incomplete_is_open_too()
    {
        var application = Complete("form-differs");
        Hp.Must(application.SaveStep(Hp.Programme.Section("report")!, new Dictionary<string, string> { ["category"] = "medicine", ["level"] = "intermediate", ["speciality"] = "303", ["practice"] = "clinical", ["firstRegistered"] = "2016-09", ["residency"] = "no" }, Hp.Programme, Hp.Profile, Hp.Now));
        Assert.Contains("documents/practice-licence", application.OpenItems(application.Filling(Hp.Programme, Hp.Profile, Hp.Now))!);
    }

    /// <summary>Complete in every step, without a practice licence because it needs none, and sent back.</summary>
    private static Application Complete(params string[] reasons)
    {
        var application = Hp.Draft();
        void Save(string step, Dictionary<string, string> answers) => Hp.Must(application.SaveStep(Hp.Programme.Section(step)!, answers, Hp.Programme, Hp.Profile, Hp.Now));
        Save("report", new() { ["category"] = "technique", ["level"] = "junior", ["speciality"] = "206", ["practice"] = "none", ["residency"] = "no" });
        Save("education", new() { ["entry"] = Hp.Profile.Education!.Entries[0].Id.ToString()! });
        Save("work", new() { ["employer"] = "示例医院", ["since"] = "2015-07", ["years"] = "11" });
        Hp.Must(application.Attach(Guid.NewGuid(), new Dictionary<string, Guid> { ["diploma"] = Guid.NewGuid(), ["employment-proof"] = Guid.NewGuid() }, Hp.Programme, Hp.Profile, Hp.Now));
        Assert.Empty(application.Filling(Hp.Programme, Hp.Profile, Hp.Now).AllFaults());
        Hp.Must(application.Submit(Hp.Programme, Hp.Profile, Hp.Now));
        Hp.Must(application.Fail(Hp.On(application, "confirmation"), reasons, "", Hp.Programme, Hp.Now));
        return application;
    }

    [Fact]
    public void A_return_that_names_the_area_lets_another_be_chosen_where_it_is_fixed_otherwise()
    {
        var programme = Hp.Programme with { Stages = [Hp.Programme.Stages[0] with { Reasons = [.. Hp.Programme.Stages[0].Reasons, new("wrong-area", "不在本考区", "请改选考区。", "area")] }, .. Hp.Programme.Stages.Skip(1)] };
        var (named, other) = (Hp.AtStage("confirmation"), Hp.AtStage("confirmation"));
        Hp.Must(named.Fail(Hp.On(named, "confirmation"), ["wrong-area"], "", programme, Hp.Now));
        Hp.Must(other.Fail(Hp.On(other, "confirmation"), ["photo-unfit"], "", programme, Hp.Now));

        Assert.Null(named.ChooseArea("350000", "350100", programme, Hp.Profile, Hp.Now));
        Assert.Equal("area-fixed", other.ChooseArea("350000", "350100", programme, Hp.Profile, Hp.Now)?.Code);
    }

    [Fact]
    public void Taken_back_and_moved_to_another_area_it_ends_with_that_areas_window()
    {
        var (early, late) = (new DateTimeOffset(2027, 1, 10, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 29, 0, 0, 0, TimeSpan.Zero));
        var window = Hp.Programme.Change.Withdraw!.Window;
        ExamArea Ending(ExamArea area) => area with { Windows = [.. area.Windows.Where(w => w.Kind != window), new(window, Hp.Now.AddDays(-1), area.Area == "110000" ? late : early)] };
        var programme = Hp.Programme with { Sessions = [.. Hp.Programme.Sessions.Select(s => s with { Areas = [.. s.Areas.Select(Ending)] })] };
        var application = Hp.AtStage("confirmation");
        Hp.Must(application.Withdraw(programme, Hp.Now));
        Assert.Equal(late, application.DeadlineAt);
        Hp.Must(application.ChooseArea("350000", "350100", programme, Hp.Profile, Hp.Now));

        Assert.Equal((early, early), (application.DeadlineAt, application.LapsesAt));
    }

    [Fact]
    public void What_a_later_version_says_otherwise_is_named_in_words()
    {
        var application = Hp.AtStage("confirmation");
        Hp.Must(application.Withdraw(Hp.Programme, Hp.Now));
        Hp.Must(application.SaveStep(Hp.Programme.Section("work")!, new Dictionary<string, string> { ["employer"] = "另一医院" }, Hp.Programme, Hp.Profile, Hp.Now));
        Hp.Must(application.Attach(Guid.NewGuid(), application.Documents, Hp.Programme, Hp.Profile, Hp.Now));
        Hp.Must(application.Submit(Hp.Programme, Hp.Profile, Hp.Now));

        var changes = application.Submissions[0].ChangesTo(application.Submissions[1], Hp.Programme).ToList();

        Assert.Contains(("工作情况：单位名称", "示例医院", "另一医院"), changes);
        Assert.Contains(("报名照片", "打印时的材料", "已更换"), changes);
        Assert.Empty(application.Submissions[1].ChangesTo(application.Submissions[1], Hp.Programme));
    }
}
