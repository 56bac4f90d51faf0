namespace ExamPlatform.Applications.Tests;

/// <summary>Walks the whole table: what is legal happens, what is not changes nothing.</summary>
public sealed class LifeTests
{
    public static TheoryData<Standing, LifeEvent> Pairs()
    {
        var pairs = new TheoryData<Standing, LifeEvent>();
        foreach (var standing in Enum.GetValues<Standing>())
            foreach (var what in Enum.GetValues<LifeEvent>()) pairs.Add(standing, what);
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Only_what_the_table_says_can_happen(Standing from, LifeEvent what)
    {
        var application = Arrange(from, what);
        var before = application.History.Count;

        var refusal = Act(application, what);

        if (Life.Transitions.TryGetValue((from, what), out var to))
        {
            Assert.Null(refusal);
            Assert.Equal((what, from, to), (application.History[^1].Event, application.History[^1].From, application.History[^1].To));
            Assert.Equal((to, before + 1), (application.Standing, application.History.Count));
        }
        else
        {
            Assert.DoesNotContain(application.History.Skip(before), h => h.Event == what);
            if (refusal is not null) Assert.Equal((from, before), (application.Standing, application.History.Count));
        }
    }

    [Fact]
    public void The_decision_record_shows_the_table_as_it_is()
    {
        var shown = File.ReadAllLines(Path.Combine(RepositoryRoot(), "docs", "adr", "0003-life-of-an-application.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => Enum.TryParse<Standing>(cells[1], out _)).Select(cells => $"{cells[1]} {cells[2]} {cells[3]}");

        Assert.Equal(Life.Transitions.Select(t => $"{t.Key.From} {t.Key.Event} {t.Value}").Order(), shown.Order());
    }

    [Fact]
    public void Only_an_upheld_objection_leads_out_of_registered_and_only_an_appeal_out_of_rejected()
    {
        Assert.Equal([LifeEvent.Reopen], Life.Transitions.Keys.Where(key => key.From is Standing.Registered).Select(key => key.Event));
        Assert.Equal([LifeEvent.Appeal], Life.Transitions.Keys.Where(key => key.From is Standing.Rejected).Select(key => key.Event));
    }

    /// <summary>The state from which the event would happen if the table allowed it.</summary>
    private static Application Arrange(Standing from, LifeEvent what)
    {
        switch (from, what)
        {
            case (Standing.Draft, LifeEvent.MissConfirmation):
                var withdrawn = Hp.AtStage("confirmation");
                Hp.Must(withdrawn.Withdraw(Hp.Programme, Hp.Now));
                return withdrawn;
            case (Standing.Submitted, LifeEvent.FallDue): return Hp.AtStage("area-review");
            case (Standing.Submitted, LifeEvent.Complete): return Hp.AtStage("area-review", Person.Fujian);
            case (Standing.Submitted, LifeEvent.MissConfirmation): return Hp.AtStage("confirmation", Person.Fujian);
            case (Standing.Submitted, LifeEvent.StepBack): return Hp.AtStage("site-review");
            case (Standing.Appealed, LifeEvent.FallDue): return Appealed(Person.Beijing);
            case (Standing.Appealed, LifeEvent.Complete): return Appealed(Person.Fujian);
            case (Standing.Registered, LifeEvent.Reopen): return Hp.At(Standing.Registered, Person.Fujian);
            case (Standing.Abandoned, LifeEvent.MatchBank): return Hp.AbandonedForPayment();
            case (Standing.Abandoned, LifeEvent.MatchDecision):
                var missed = Hp.AtStage("confirmation", Person.Fujian);
                Hp.Must(missed.MissDeadline(Hp.Programme, Hp.AfterAll));
                return missed;
            case (Standing.Draft, LifeEvent.VoidEntry): return Hp.Entered();
            case (Standing.Abandoned, LifeEvent.MatchReply):
                var lapsed = Hp.Entered();
                Hp.Must(lapsed.MissDeadline(Hp.Programme, Hp.AfterAll));
                return lapsed;
            default: return Hp.At(from);
        }
    }

    private static Application Appealed(string[] at)
    {
        var application = Hp.AtStage("area-review", at);
        Hp.Must(application.Fail(Hp.On(application, "area-review"), ["other"], "", Hp.AppealingProgramme, Hp.Now));
        Hp.Must(application.Appeal(Hp.AppealingProgramme, Hp.Now));
        return application;
    }

    private static Refusal? Act(Application application, LifeEvent what) => what switch
    {
        LifeEvent.Submit or LifeEvent.MatchReply => application.Submit(Hp.Programme, Hp.Profile, Hp.Now),
        LifeEvent.Replace => application.Attach(Guid.NewGuid(), application.Documents, Hp.EditingProgramme, Hp.Profile, Hp.Now) ?? application.Submit(Hp.EditingProgramme, Hp.Profile, Hp.Now),
        LifeEvent.StepBack => application.StepBack(Hp.On(application, application.Stage ?? application.Returned?.Stage ?? "site-review"), Hp.Programme, Hp.Now),
        LifeEvent.Hold => application.Fail(Hp.On(application, "confirmation"), ["other"], "", Hp.ReleasingProgramme, Hp.Now),
        LifeEvent.Release => application.Release(Hp.On(application, "confirmation"), Hp.ReleasingProgramme, Hp.Now),
        LifeEvent.PassOver => application.MissDeadline(Hp.ReleasingProgramme, Hp.AfterAll),
        LifeEvent.Appeal => application.Appeal(Hp.AppealingProgramme, Hp.Now),
        LifeEvent.DismissAppeal => application.DismissAppeal(Hp.On(application, application.Stage ?? "confirmation"), ["other"], "", Hp.Now),
        LifeEvent.PassStage or LifeEvent.FallDue or LifeEvent.Complete when application.Standing is Standing.Appealed => application.GrantAppeal(Hp.On(application, application.Stage!), Hp.AppealingProgramme, Hp.Now),
        LifeEvent.Withdraw => application.Withdraw(Hp.Programme, Hp.Now),
        LifeEvent.PassStage => application.Pass(Hp.On(application, "confirmation"), Hp.Programme, Hp.Now),
        LifeEvent.FallDue or LifeEvent.Complete => application.Pass(Hp.On(application, "area-review"), Hp.Programme, Hp.Now),
        LifeEvent.Return => application.Fail(Hp.On(application, "confirmation"), ["other"], "", Hp.Programme, Hp.Now),
        LifeEvent.Reject => application.Fail(Hp.On(application, "confirmation"), ["other"], "", Hp.RejectingProgramme, Hp.Now),
        LifeEvent.Pay or LifeEvent.MatchBank => application.Pay(application.FeeId ?? Guid.NewGuid(), application.FeeInFen ?? 1, Hp.Now, Hp.Now),
        LifeEvent.MissConfirmation or LifeEvent.MissCorrection => application.MissDeadline(Hp.Programme, Hp.AfterAll),
        LifeEvent.MatchDecision => application.MatchDecision(Hp.On(application, "confirmation"), Hp.Now, Hp.AfterAll),
        LifeEvent.VoidEntry => application.VoidEntry(AbandonCause.EntryReplaced, Hp.Officer, Hp.Now),
        LifeEvent.MissPayment => application.CloseFee(application.FeeId ?? Guid.NewGuid(), Hp.Now),
        LifeEvent.Reopen => application.Reopen("site-review", Hp.Officer, Hp.Programme, Hp.Now),
        LifeEvent.GiveUp => application.GiveUp(Hp.Programme, Hp.Now),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder!.FullName, "docs", "adr"))) folder = folder.Parent;
        return folder.FullName;
    }
}
