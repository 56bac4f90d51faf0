using System.Text.Json;

namespace ExamPlatform.Applications.Tests;

/// <summary>
/// Random people, officers, banks and clocks act on applications of every exam there is, most of the time wrongly. Whatever they do: nothing happens that the table does not allow,
/// what is refused changes nothing, what was sent in never changes, and the history alone tells where the application stands.
/// </summary>
public sealed class ModelTests
{
    private const int Actions = 100_000, ActionsOfOneLife = 40;
    private static readonly DateTimeOffset Opening = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Programmes() => [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "programmes"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    [Theory]
    [MemberData(nameof(Programmes))]
    public void A_hundred_thousand_actions_in_all_lead_nowhere_that_is_not_allowed(string code)
    {
        var programme = ProgrammeReader.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "programmes", code + ".json"))).Programme!;
        var reached = new HashSet<LifeEvent>();

        for (var life = 0; life < Actions / Programmes().Count / ActionsOfOneLife; life++)
            foreach (var what in new RandomLife(programme, seed: life).Live(ActionsOfOneLife)) reached.Add(what);

        // a model that never gets anywhere proves nothing
        Assert.Superset(new HashSet<LifeEvent> { LifeEvent.Submit, LifeEvent.GiveUp }, reached);
        Assert.Contains(reached, e => e is LifeEvent.FallDue or LifeEvent.Complete);
        Assert.True(programme.Stages.Count == 1 || reached.Contains(LifeEvent.PassStage));
        Assert.Equal(programme.Stages.Any(s => s.OnFail is ReleaseThenReturn), reached.Contains(LifeEvent.Hold) && reached.Contains(LifeEvent.Release) && reached.Contains(LifeEvent.PassOver));
        Assert.Equal(reached.Contains(LifeEvent.MissConfirmation) && programme.Stages.Any(s => s.Kind is StageKind.Confirmation), reached.Contains(LifeEvent.MatchDecision));
        Assert.Equal(programme.Change.Withdraw is not null, reached.Contains(LifeEvent.Withdraw));
        Assert.Equal(programme.Change.Edit is not null, reached.Contains(LifeEvent.Replace));
        Assert.Equal(programme.Stages.Any(s => s.Appeal is not null), reached.Contains(LifeEvent.Appeal));
    }

    private sealed class RandomLife(ExamProgramme programme, int seed)
    {
        private readonly Random random = new(seed);
        private readonly ExamSession session = programme.Sessions[0];
        private readonly List<string> sent = [];
        private DateTimeOffset now = Opening.AddDays(seed % 20);

        public IEnumerable<LifeEvent> Live(int actions)
        {
            var application = Application.Start(Guid.NewGuid(), programme.Candidates.DocumentTypes[0], programme, session, Hp.Profile, now);
            for (var i = 0; i < actions; i++)
            {
                var (before, history) = (Picture(application), application.History.Count);
                var (name, refusal) = Act(application);
                Check(application, before, history, $"{programme.Code}, life {seed}, action {i}: {name} {refusal?.Code}", refusal);
            }
            return application.History.Select(h => h.Event);
        }

        private void Check(Application application, string before, int history, string what, Refusal? refusal)
        {
            if (refusal is not null) Assert.True(before == Picture(application), $"{what} was refused and changed something");
            foreach (var row in application.History.Skip(history))
                Assert.True(Life.Transitions.TryGetValue((row.From, row.Event), out var to) && to == row.To, $"{what}: {row.From} {row.Event} {row.To} is not in the table");
            Assert.True(application.History.Count - history is 0 or 1, what);
            sent.AddRange(application.Submissions.Skip(sent.Count).Select(s => JsonSerializer.Serialize(s)));
            Assert.True(sent.SequenceEqual(application.Submissions.Select(s => JsonSerializer.Serialize(s))), $"{what}: a version that was sent in has changed");
            Assert.True(Replay(application.History) == (application.Standing, application.Stage, application.Submitted), $"{what}: the history tells otherwise");
            Assert.True(application.Place is null || application.Standing is not (Standing.Draft or Standing.Abandoned or Standing.Rejected), $"{what}: a place is held for nothing");
            Assert.True(application.Standing.IsLive() || application.LapsesAt is null, $"{what}: what is over still has a deadline");
        }

        private static (Standing, string?, int) Replay(IEnumerable<HistoryEntry> history)
        {
            var (standing, stage, versions) = (Standing.Draft, (string?)null, 0);
            foreach (var row in history)
            {
                Assert.Equal((row.From, row.FromStage), (standing, stage));
                (standing, stage) = (row.To, row.ToStage);
                if (row.Event is LifeEvent.Submit or LifeEvent.Replace) versions++;
            }
            return (standing, stage, versions);
        }

        private static string Picture(Application a) => JsonSerializer.Serialize(new { a.Standing, a.Stage, a.Submitted, a.Answers, a.AreaCode, a.SiteCode, a.Documents, a.PhotoId, a.Returned, a.Preferences, a.Place, a.DeadlineAt, a.LapsesAt, a.Round, a.FeeId, a.History.Count });

        private (string, Refusal?) Act(Application a)
        {
            var (right, wrong) = (random.Next(10) > 0, random.Next(3));
            var stage = right ? a.Stage ?? a.Returned?.Stage ?? programme.Stages[0].Code : programme.Stages[random.Next(programme.Stages.Count)].Code;
            var decision = new Decision(stage, right || wrong > 0 ? a.Submitted : a.Submitted - 1, Hp.Officer);
            switch (random.Next(19))
            {
                case 0: return Named("save", a.SaveStep(programme.Form[random.Next(programme.Form.Count)], new Dictionary<string, string> { ["any"] = $"{random.Next()}" }, programme, Hp.Profile, now));
                case 1: return Named("area", programme.Preferences is null && Area() is var (area, site) ? a.ChooseArea(area, site, programme, Hp.Profile, now) : a.Prefer(Preferences(), programme, Hp.Profile, now));
                case 2: return Named("attach", a.Attach(Guid.NewGuid(), new Dictionary<string, Guid> { ["any"] = Guid.NewGuid() }, programme, Hp.Profile, now));
                case 3 or 4 or 5: return Named("submit", Submit(a));
                case 6: return Named("withdraw", a.Withdraw(programme, now));
                case 7 or 8 or 9: return Named("pass", a.Pass(decision, programme, now));
                case 10 or 11: return Named("fail", a.Fail(decision, ["other"], "", programme, now));
                case 12: return Named("back", a.StepBack(decision, programme, now));
                case 13: return Named("release", a.Release(decision, programme, now));
                case 14: return random.Next(2) == 0 ? Named("grant", a.GrantAppeal(decision, programme, now)) : Named("dismiss", a.DismissAppeal(decision, ["other"], "", now));
                case 17: return Named("in time", a.MatchDecision(decision with { Stage = a.Missed?.Stage ?? stage }, right ? a.Missed?.DueAt ?? now : now, now));
                case 15: return Named("appeal", a.Appeal(programme, now));
                case 16: return random.Next(3) == 0 ? Named("give up", a.GiveUp(programme, now)) : Named("pay", a.Pay(right ? a.FeeId ?? Guid.NewGuid() : Guid.NewGuid(), a.FeeInFen ?? 1, now, now));
                default: return Late(a);
            }
        }

        private (string, Refusal?) Late(Application a)
        {
            now = now.AddHours(random.Next(4) == 0 ? 72 : 1);
            return random.Next(4) == 0 && a.FeeId is { } fee ? Named("close", a.CloseFee(fee, now)) : Named("late", a.MissDeadline(programme, now));
        }

        private Refusal? Submit(Application a)
        {
            if (a.AreaCode is null)
                if (programme.Preferences is not null) a.Prefer(Preferences(), programme, Hp.Profile, now);
                else if (Area() is var (area, site)) a.ChooseArea(area, site, programme, Hp.Profile, now);
            if (a.MaySubmit(programme, now) is { } early) return early;
            if (programme.Preferences is null) return a.Submit(programme, Hp.Profile, now);
            return a.Preferences.Count == 0 ? new("required", "") : a.Submit(programme, Hp.Profile, now, new(session.Batches![0].Code, a.Preferences[0].Base, a.Preferences[0].Speciality));
        }

        private (string Area, string Site) Area()
        {
            var area = session.Areas[random.Next(session.Areas.Count)].Area;
            return (area, AreaTree.SitesOf(area).First().Code);
        }

        private List<Preference> Preferences() => [.. Enumerable.Range(0, programme.Preferences is null ? 0 : 1).Select(_ => session.Plans![random.Next(session.Plans.Count)]).Select(p => new Preference(p.Base, p.Speciality))];

        private static (string, Refusal?) Named(string name, Refusal? refusal) => (name, refusal);
    }
}
