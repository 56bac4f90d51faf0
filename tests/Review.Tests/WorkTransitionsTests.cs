namespace ExamPlatform.Reviews.Tests;

public sealed class WorkTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid Me = Guid.NewGuid();
    private static readonly Guid Other = Guid.NewGuid();

    // written out by hand: a change of the table in the code must be meant
    private static readonly Dictionary<(WorkState, WorkVerb), WorkState> Legal = new()
    {
        [(WorkState.Open, WorkVerb.Claim)] = WorkState.Claimed,
        [(WorkState.Open, WorkVerb.Void)] = WorkState.Voided,
        [(WorkState.Claimed, WorkVerb.Claim)] = WorkState.Claimed,
        [(WorkState.Claimed, WorkVerb.Release)] = WorkState.Open,
        [(WorkState.Claimed, WorkVerb.Pass)] = WorkState.Passed,
        [(WorkState.Claimed, WorkVerb.Fail)] = WorkState.Failed,
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
        Assert.Equal("version-replaced", At(WorkState.Claimed).Decide(Outcome.Pass, seen, Me, Now)?.Code);

    private static Refusal? Do(Work work, WorkVerb verb, Guid officer, DateTimeOffset now) => verb switch
    {
        WorkVerb.Claim => work.Claim(officer, now),
        WorkVerb.Release => work.Release(officer, now),
        WorkVerb.Pass => work.Decide(Outcome.Pass, 1, officer, now),
        WorkVerb.Fail => work.Decide(Outcome.Fail, 1, officer, now),
        _ => work.Void(VoidCause.Withdrawn, now),
    };

    private static Work At(WorkState state)
    {
        var work = new Work { Id = Guid.NewGuid(), Version = 1, ProgrammeCode = "HP", SessionCode = "2027", Stage = "site-review", Level = "site", AreaPath = "110000/110100/" };
        if (state == WorkState.Open) return work;
        if (state == WorkState.Voided) work.Void(VoidCause.Replaced, Now);
        else work.Claim(Me, Now);
        if (state == WorkState.Passed) work.Decide(Outcome.Pass, 1, Me, Now);
        if (state == WorkState.Failed) work.Decide(Outcome.Fail, 1, Me, Now);
        return work;
    }
}
