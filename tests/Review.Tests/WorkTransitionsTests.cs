namespace ExamPlatform.Reviews.Tests;

public sealed class WorkTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid Me = Guid.NewGuid();
    private static readonly Guid Other = Guid.NewGuid();
    private static readonly Past Past = new(AtFirstStage: false, FailedByOfficer: false);

    // written out by hand: a change of the table in the code must be meant
    private static readonly Dictionary<(WorkState, WorkVerb), WorkState> Legal = new()
    {
        [(WorkState.Open, WorkVerb.Claim)] = WorkState.Claimed,
        [(WorkState.Open, WorkVerb.Void)] = WorkState.Voided,
        [(WorkState.Claimed, WorkVerb.Claim)] = WorkState.Claimed,
        [(WorkState.Claimed, WorkVerb.Release)] = WorkState.Open,
        [(WorkState.Claimed, WorkVerb.Pass)] = WorkState.Passed,
        [(WorkState.Claimed, WorkVerb.Fail)] = WorkState.Failed,
        [(WorkState.Claimed, WorkVerb.SendBack)] = WorkState.SentBack,
        [(WorkState.Claimed, WorkVerb.Void)] = WorkState.Voided,
    };

    public static TheoryData<WorkState, WorkVerb> AllPairs()
    {
        var pairs = new TheoryData<WorkState, WorkVerb>();
        foreach (var state in Enum.GetValues<WorkState>())
            foreach (var verb in Enum.GetValues<WorkVerb>()) pairs.Add(state, verb);
        return pairs;
    }

    [Theory, MemberData(nameof(AllPairs))]
    public void Every_pair_of_state_and_verb_either_moves_as_the_table_says_or_is_refused_and_leaves_no_trace(WorkState from, WorkVerb verb)
    {
        var work = At(from);
        var steps = work.History.Count;

        var refusal = Do(work, verb, Me, Now);

        if (Legal.TryGetValue((from, verb), out var to))
        {
            Assert.Null(refusal);
            Assert.Equal(to, work.State);
            var step = work.History[^1];
            Assert.Equal((from, verb, to, 1, Now), (step.From, step.Verb, step.To, step.Version, step.At));
            Assert.Equal(verb == WorkVerb.Void ? null : Me, step.ActorId);
            Assert.Equal(verb == WorkVerb.Claim ? Me : null, work.ClaimedBy); // nobody holds what is not claimed
        }
        else
        {
            Assert.NotNull(refusal);
            Assert.Equal((from, steps), (work.State, work.History.Count));
        }
    }

    [Theory]
    [InlineData(WorkState.Open, WorkVerb.Pass, "claim-needed")]
    [InlineData(WorkState.Passed, WorkVerb.Fail, "already-decided")]
    [InlineData(WorkState.Failed, WorkVerb.Claim, "already-decided")]
    [InlineData(WorkState.Voided, WorkVerb.Claim, "version-replaced")]
    public void A_refusal_says_why(WorkState from, WorkVerb verb, string code) => Assert.Equal(code, Do(At(from), verb, Me, Now)?.Code);

    [Fact]
    public void Nobody_takes_claimed_work_before_the_claim_runs_out()
    {
        var work = At(WorkState.Claimed);

        Assert.Equal("claimed-by-other", work.Claim(Other, Now + Work.ClaimLength - TimeSpan.FromTicks(1))?.Code);
        Assert.Null(work.Claim(Other, Now + Work.ClaimLength));
        Assert.Equal(Other, work.ClaimedBy);
    }

    [Theory]
    [InlineData(WorkVerb.Pass)]
    [InlineData(WorkVerb.Fail)]
    [InlineData(WorkVerb.SendBack)]
    [InlineData(WorkVerb.Release)]
    public void Only_the_holder_acts_and_only_while_the_claim_lasts(WorkVerb verb)
    {
        Assert.Equal("claim-needed", Do(At(WorkState.Claimed), verb, Other, Now)?.Code);
        Assert.Equal("claim-needed", Do(At(WorkState.Claimed), verb, Me, Now + Work.ClaimLength)?.Code);
        Assert.Null(Do(At(WorkState.Claimed), verb, Me, Now + Work.ClaimLength - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Claiming_again_prolongs_ones_own_claim()
    {
        var work = At(WorkState.Claimed);

        Assert.Null(work.Claim(Me, Now.AddMinutes(5)));

        Assert.Equal(Now.AddMinutes(15), work.ClaimedUntil);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_decision_on_another_version_than_the_works_is_refused(int seen) =>
        Assert.Equal("version-replaced", At(WorkState.Claimed).Decide(Outcome.Pass, seen, Me, Past, Now)?.Code);

    // kind, outcome, at the first stage, own failure → refusal, written out by hand
    public static TheoryData<WorkKind, Outcome, bool, bool, string?> Rules() => new()
    {
        { WorkKind.Acceptance, Outcome.Pass, true, false, null },
        { WorkKind.Acceptance, Outcome.Fail, true, false, null },
        { WorkKind.Acceptance, Outcome.SendBack, false, false, "nothing-before" },
        { WorkKind.Confirmation, Outcome.SendBack, false, false, null },
        { WorkKind.Confirmation, Outcome.SendBack, true, false, "nothing-before" },
        { WorkKind.Review, Outcome.SendBack, false, false, null },
        { WorkKind.Review, Outcome.SendBack, true, false, "nothing-before" },
        { WorkKind.Review, Outcome.Fail, true, true, null },
        { WorkKind.Release, Outcome.Pass, true, false, null },
        { WorkKind.Release, Outcome.Fail, false, false, "release-only" },
        { WorkKind.Release, Outcome.SendBack, true, true, null },
        { WorkKind.Appeal, Outcome.Pass, true, false, null },
        { WorkKind.Appeal, Outcome.Fail, false, false, null },
        { WorkKind.Appeal, Outcome.Pass, false, true, "own-decision" },
        { WorkKind.Appeal, Outcome.Fail, false, true, "own-decision" },
        { WorkKind.Appeal, Outcome.SendBack, false, false, "appeal-not-sent-back" },
    };

    [Theory, MemberData(nameof(Rules))]
    public void What_may_be_decided_depends_on_the_kind(WorkKind kind, Outcome outcome, bool first, bool own, string? refusal)
    {
        var work = At(WorkState.Claimed, kind);

        Assert.Equal(refusal, work.Decide(outcome, 1, Me, new(first, own), Now)?.Code);

        Assert.Equal(refusal is null, work.State != WorkState.Claimed);
    }

    [Theory]
    [InlineData(WorkKind.Acceptance, Outcome.Pass, new[] { "found", "found" }, null)]
    [InlineData(WorkKind.Acceptance, Outcome.Pass, new[] { "found", "otherArea" }, "register-disagrees")]
    [InlineData(WorkKind.Acceptance, Outcome.Pass, new[] { "unreachable", "notFound" }, "register-disagrees")]
    [InlineData(WorkKind.Acceptance, Outcome.Pass, new[] { "found", "unreachable" }, "register-unreachable")]
    [InlineData(WorkKind.Review, Outcome.Pass, new[] { "notFound" }, "register-disagrees")] // any stage that asks a register
    [InlineData(WorkKind.Appeal, Outcome.Pass, new[] { "notFound" }, "register-disagrees")]
    [InlineData(WorkKind.Acceptance, Outcome.Fail, new[] { "unreachable" }, null)]
    [InlineData(WorkKind.Release, Outcome.Pass, new[] { "notFound" }, null)] // it passes a failure on
    public void Only_whom_every_register_knows_passes(WorkKind kind, Outcome outcome, string[] states, string? refusal) =>
        Assert.Equal(refusal, At(WorkState.Claimed, kind).CheckRegisters(outcome, states)?.Code);

    private static Refusal? Do(Work work, WorkVerb verb, Guid officer, DateTimeOffset now) => verb switch
    {
        WorkVerb.Claim => work.Claim(officer, now),
        WorkVerb.Release => work.Release(officer, now),
        WorkVerb.Pass => work.Decide(Outcome.Pass, 1, officer, Past, now),
        WorkVerb.Fail => work.Decide(Outcome.Fail, 1, officer, Past, now),
        WorkVerb.SendBack => work.Decide(Outcome.SendBack, 1, officer, Past, now),
        _ => work.Void(VoidCause.Withdrawn, now),
    };

    private static Work At(WorkState state, WorkKind kind = WorkKind.Review)
    {
        var work = new Work { Id = Guid.NewGuid(), Kind = kind, Version = 1, ProgrammeCode = "HP", SessionCode = "2027", Stage = "site-review", Level = "site", AreaPath = "110000/110100/" };
        if (state == WorkState.Open) return work;
        if (state == WorkState.Voided) work.Void(VoidCause.Replaced, Now);
        else work.Claim(Me, Now);
        if (state == WorkState.Passed) work.Decide(Outcome.Pass, 1, Me, Past, Now);
        if (state == WorkState.Failed) work.Decide(Outcome.Fail, 1, Me, Past, Now);
        if (state == WorkState.SentBack) work.Decide(Outcome.SendBack, 1, Me, Past, Now);
        return work;
    }
}
