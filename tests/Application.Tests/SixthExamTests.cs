using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>An exam of another shape than the five is published as a document and works: no code knows of it.</summary>
public sealed class SixthExamTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "sixth.json"));

    [Fact]
    public async Task It_is_published_as_a_document_and_offered()
    {
        var exam = await Published();

        var listed = await Person.Json(await service.Anonymous().GetAsync("/api/programmes/PT"));
        Assert.Equal("普通话水平测试", (string)listed["title"]!);
        Assert.Empty(exam.Filling().AllFaults());
    }

    [Fact]
    public async Task Its_form_asks_what_its_conditions_say()
    {
        var exam = await Published();

        Assert.Equal(["wish/station required"], exam.Faults(("wish/station", null)));
        Assert.Empty(exam.Faults(("wish/purpose", "teacher"), ("wish/station", null)));
        Assert.Equal(["wish/station required"], (exam with { Person = "taiwanTravelPermit" }).Faults(("wish/purpose", "teacher"), ("wish/station", null)));
        Assert.Equal(["wish/purpose not-offered"], exam.Faults(("wish/purpose", "dialect")));
        Assert.Empty((exam with { At = ["440000", "440100"] }).But(("wish/purpose", "dialect")).Filling().DocumentsAsked);
    }

    [Fact]
    public async Task It_lives_a_whole_life()
    {
        var exam = await Published();
        var application = exam.AtStage("office");
        Exam.Must(exam.Save(application, "wish", "times", "2"));
        Exam.Must(exam.Submit(application));
        exam.Fail(application, "purpose-unclear");
        Exam.Must(application.Release(Exam.On(application), exam.Programme, Exam.Now));
        Exam.Must(exam.Submit(application));
        exam.Pass(application);
        exam.Pass(application);
        exam.Fail(application, "consent-missing");
        Exam.Must(application.Appeal(exam.Programme, Exam.Now));
        Exam.Must(application.GrantAppeal(Exam.On(application), exam.Programme, Exam.Now));
        Exam.Must(application.Pay(application.FeeId!.Value, 5000, Exam.Now, Exam.Now));

        Assert.Equal((Standing.Registered, 3, "2"), (application.Standing, application.Submissions.Count, application.Submissions[1].Answers["wish/times"]));
        Assert.Equal([LifeEvent.Submit, LifeEvent.Replace, LifeEvent.Hold, LifeEvent.Release, LifeEvent.Submit, LifeEvent.PassStage, LifeEvent.PassStage, LifeEvent.Reject, LifeEvent.Appeal, LifeEvent.FallDue, LifeEvent.Pay],
            application.History.Select(h => h.Event));
    }

    [Fact]
    public async Task Its_deadlines_are_its_own()
    {
        var exam = await Published();
        var (waiting, invited) = (exam.AtStage("office"), exam.AtStage("microphone"));
        exam.Fail(waiting, "other");

        Assert.Equal(Exam.Now.AddHours(24), waiting.DeadlineAt);
        Assert.Equal((DeadlineTask.Confirm, new DateTimeOffset(2027, 1, 14, 16, 0, 0, TimeSpan.Zero)), (invited.AwaitedTask, invited.DeadlineAt));
        Assert.Equal("outside-window", (exam with { At = ["440000", "440100"] }).Draft().MaySubmit(exam.Programme, new(2026, 12, 2, 0, 0, 0, TimeSpan.Zero))?.Code);
    }

    private async Task<Exam> Published()
    {
        var reply = await service.National().Post(Document);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        var published = await service.Query(db => db.Programmes.SingleAsync(p => p.Code == "PT"));
        return new(ProgrammeReader.Read(published.Document).Programme!, new Dictionary<string, string> { ["wish/purpose"] = "broadcast", ["wish/station"] = "示例电台", ["wish/times"] = "1" }, ProfileGroups.Empty, Person.Fujian);
    }
}
