using System.Collections.Frozen;

namespace ExamPlatform.Applications;

/// <summary>Where an application stands. Which stage it is at while <see cref="Submitted"/> is a stage code of its programme.</summary>
public enum Standing
{
    Draft, Submitted, ReturnedForCorrection, AwaitingPayment, Registered, Rejected, Abandoned,

    /// <summary>A stage has failed it, and the level that passes this on to the candidate has not done so yet.</summary>
    AwaitingRelease,

    /// <summary>The candidate has appealed against a failure for good.</summary>
    Appealed,
}

/// <summary>What can happen to an application. The programme decides which of <see cref="PassStage"/>, <see cref="FallDue"/> and <see cref="Complete"/> a passed stage is, and which of <see cref="Return"/>, <see cref="Hold"/> and <see cref="Reject"/> a failed one.</summary>
public enum LifeEvent
{
    Submit, Withdraw, PassStage, FallDue, Complete, Return, Reject, Pay, MissConfirmation, MissCorrection, MissPayment, GiveUp,

    /// <summary>A newer version takes the place of one that is being decided.</summary>
    Replace,

    /// <summary>Officers send it back to the stage before.</summary>
    StepBack,

    /// <summary>Failed, and another level is to pass it on.</summary>
    Hold,

    /// <summary>That level has passed it on.</summary>
    Release,

    /// <summary>That level was too late and is passed over.</summary>
    PassOver, Appeal, DismissAppeal,

    /// <summary>An objection to a public notice was upheld: the stage is decided again.</summary>
    Reopen,

    /// <summary>The bank took the money in time, and we learnt of it after the fee was closed: the bank's time counts (G8).</summary>
    MatchBank,

    /// <summary>An officer decided the confirmation in time, and we learnt of it after the deadline had given the application up: the decision's time counts.</summary>
    MatchDecision,

    /// <summary>What an officer entered at the counter is nothing any more: no reply in time, no longer fit, or entered anew.</summary>
    VoidEntry,

    /// <summary>The person replied in time, and we learnt of it after the entry had lapsed: the reply's time counts.</summary>
    MatchReply,
}

/// <summary>The only place that says what may follow what. docs/adr/0003 shows it as a table, a test walks every pair.</summary>
public static class Life
{
    public static readonly FrozenDictionary<(Standing From, LifeEvent Event), Standing> Transitions = new Dictionary<(Standing, LifeEvent), Standing>
    {
        [(Standing.Draft, LifeEvent.Submit)] = Standing.Submitted,
        [(Standing.Draft, LifeEvent.MissConfirmation)] = Standing.Abandoned, // taken back and not sent in again
        [(Standing.Draft, LifeEvent.GiveUp)] = Standing.Abandoned,
        [(Standing.Draft, LifeEvent.VoidEntry)] = Standing.Abandoned,
        [(Standing.Submitted, LifeEvent.Withdraw)] = Standing.Draft,
        [(Standing.Submitted, LifeEvent.PassStage)] = Standing.Submitted,
        [(Standing.Submitted, LifeEvent.FallDue)] = Standing.AwaitingPayment,
        [(Standing.Submitted, LifeEvent.Complete)] = Standing.Registered,
        [(Standing.Submitted, LifeEvent.Return)] = Standing.ReturnedForCorrection,
        [(Standing.Submitted, LifeEvent.Reject)] = Standing.Rejected,
        [(Standing.Submitted, LifeEvent.MissConfirmation)] = Standing.Abandoned,
        [(Standing.Submitted, LifeEvent.GiveUp)] = Standing.Abandoned,
        [(Standing.Submitted, LifeEvent.Replace)] = Standing.Submitted,
        [(Standing.Submitted, LifeEvent.StepBack)] = Standing.Submitted,
        [(Standing.Submitted, LifeEvent.Hold)] = Standing.AwaitingRelease,
        [(Standing.AwaitingRelease, LifeEvent.StepBack)] = Standing.Submitted, // the releasing level wants it decided again
        [(Standing.AwaitingRelease, LifeEvent.Release)] = Standing.ReturnedForCorrection,
        [(Standing.AwaitingRelease, LifeEvent.PassOver)] = Standing.ReturnedForCorrection,
        [(Standing.AwaitingRelease, LifeEvent.GiveUp)] = Standing.Abandoned,
        [(Standing.Rejected, LifeEvent.Appeal)] = Standing.Appealed,
        [(Standing.Appealed, LifeEvent.PassStage)] = Standing.Submitted,
        [(Standing.Appealed, LifeEvent.FallDue)] = Standing.AwaitingPayment,
        [(Standing.Appealed, LifeEvent.Complete)] = Standing.Registered,
        [(Standing.Appealed, LifeEvent.DismissAppeal)] = Standing.Rejected,
        [(Standing.Appealed, LifeEvent.GiveUp)] = Standing.Abandoned,
        [(Standing.ReturnedForCorrection, LifeEvent.Submit)] = Standing.Submitted,
        [(Standing.ReturnedForCorrection, LifeEvent.MissCorrection)] = Standing.Abandoned,
        [(Standing.ReturnedForCorrection, LifeEvent.GiveUp)] = Standing.Abandoned,
        [(Standing.AwaitingPayment, LifeEvent.Pay)] = Standing.Registered,
        [(Standing.AwaitingPayment, LifeEvent.MissPayment)] = Standing.Abandoned,
        [(Standing.AwaitingPayment, LifeEvent.GiveUp)] = Standing.Abandoned,
        [(Standing.Registered, LifeEvent.Reopen)] = Standing.Submitted,
        [(Standing.Abandoned, LifeEvent.MatchBank)] = Standing.Registered,
        [(Standing.Abandoned, LifeEvent.MatchDecision)] = Standing.Submitted, // and goes on with the decision itself
        [(Standing.Abandoned, LifeEvent.MatchReply)] = Standing.Submitted,
    }.ToFrozenDictionary();

    /// <summary>One that is neither abandoned nor rejected; a person has at most one per session.</summary>
    public static bool IsLive(this Standing standing) => standing is not (Standing.Abandoned or Standing.Rejected);

    /// <summary>The same for queries, in the words of the index that sees to it.</summary>
    public static IQueryable<Application> Live(this IQueryable<Application> applications) => applications.Where(a => a.Standing != Standing.Abandoned && a.Standing != Standing.Rejected);

    /// <summary>Whether the profile's entries that the submission uses must stay as they are, because officers look at it or have passed it (C5).</summary>
    public static bool LocksEntries(this Standing standing) => standing is Standing.Submitted or Standing.AwaitingRelease or Standing.Appealed or Standing.AwaitingPayment or Standing.Registered;
}
