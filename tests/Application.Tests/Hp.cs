namespace ExamPlatform.Applications.Tests;

/// <summary>HP's own document, and applications of it in a named state, without any database.</summary>
internal static class Hp
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset AfterAll = new(2027, 6, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "programmes", "HP.json"));
    public static readonly ExamProgramme Programme = ProgrammeReader.Read(Document).Programme!;
    public static readonly ExamProgramme RejectingProgramme = Programme with { Stages = [.. Programme.Stages.Select(s => s with { OnFail = new RejectForGood("test") })] };
    public static readonly ExamProgramme AppealingProgramme = Programme with { Stages = [.. Programme.Stages.Select(s => s with { OnFail = new RejectForGood("test"), Appeal = new(DeciderLevel.National, 15, "test") })] };
    public static readonly ExamProgramme ReleasingProgramme = Programme with { Stages = [.. Programme.Stages.Select(s => s with { OnFail = new ReleaseThenReturn(DeciderLevel.Point, 48, s.Code, WindowKind.Correction, "test") })] };
    public static readonly ExamProgramme EditingProgramme = Programme with { Change = new(null, "test", Edit: new("site-review", WindowKind.Registration, "test"), AreaChangeClears: false) };
    public static readonly ProfileGroups Profile = ProfileGroups.Empty with
    {
        Contact = new("北京市东城区示例路1号", "100010"),
        Work = new("示例医院", null, "2015-07"),
        Education = new([new("北京大学", "临床医学", EducationLevel.Bachelor, "2015-07", "1", Id: Guid.NewGuid())]),
    };

    public static readonly Guid Officer = Guid.NewGuid();
    public static Decision On(Application application, string stage) => new(stage, application.Submitted, Officer);

    public static Application Draft(string[]? at = null)
    {
        var application = Application.Start(Guid.NewGuid(), "residentId", Programme, Programme.Sessions[0], Profile, Now);
        at ??= Person.Beijing;
        application.ChooseArea(at[0], at[1], Programme, Profile, Now);
        return application;
    }

    public static Application AtStage(string stage, string[]? at = null)
    {
        var application = Draft(at);
        Must(application.Submit(Programme, Profile, Now));
        while (application.Stage != stage) Must(application.Pass(On(application, application.Stage!), Programme, Now));
        return application;
    }

    public static Application At(Standing standing, string[]? at = null)
    {
        var application = standing is Standing.Draft ? Draft(at) : AtStage(standing is Standing.Registered or Standing.AwaitingPayment ? "area-review" : "confirmation", at);
        Must(standing switch
        {
            Standing.ReturnedForCorrection => application.Fail(On(application, "confirmation"), ["photo-unfit"], "", Programme, Now),
            Standing.Rejected => application.Fail(On(application, "confirmation"), ["photo-unfit"], "", AppealingProgramme, Now),
            Standing.AwaitingPayment or Standing.Registered => application.Pass(On(application, "area-review"), Programme, Now),
            Standing.Abandoned => application.GiveUp(Programme, Now),
            Standing.AwaitingRelease => application.Fail(On(application, "confirmation"), ["photo-unfit"], "", ReleasingProgramme, Now),
            Standing.Appealed => application.Fail(On(application, "confirmation"), ["photo-unfit"], "", AppealingProgramme, Now) ?? application.Appeal(AppealingProgramme, Now),
            _ => null,
        });
        if (standing is Standing.Registered && application.FeeId is { } fee) Must(application.Pay(fee, application.FeeInFen!.Value, Now, Now));
        return application;
    }

    /// <summary>A draft that an officer entered at the counter; the person has not replied yet.</summary>
    public static Application Entered()
    {
        var application = Draft();
        application.AskForReply(Officer, Programme with { Counter = new(DeciderLevel.Site, 72, "test") }, Now);
        return application;
    }

    public static Application AbandonedForPayment()
    {
        var application = At(Standing.AwaitingPayment);
        Must(application.CloseFee(application.FeeId!.Value, application.FeeDueAt!.Value));
        return application;
    }

    public static void Must(Refusal? refusal) => Assert.Null(refusal);
}
