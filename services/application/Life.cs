using System.Collections.Frozen;

namespace ExamPlatform.Applications;

/// <summary>Where an application stands. Which stage it is at while <see cref="Submitted"/> is a stage code of its programme.</summary>
public enum Standing { Draft, Submitted, ReturnedForCorrection, AwaitingPayment, Registered, Rejected, Abandoned }

/// <summary>What can happen to an application. The programme decides which of <see cref="PassStage"/>, <see cref="FallDue"/> and <see cref="Complete"/> a passed stage is, and which of <see cref="Return"/> and <see cref="Reject"/> a failed one.</summary>
public enum LifeEvent
{
    Submit, Withdraw, PassStage, FallDue, Complete, Return, Reject, Pay, MissConfirmation, MissCorrection, MissPayment, GiveUp,

    /// <summary>The bank took the money in time, and we learnt of it after the fee was closed: the bank's time counts (G8).</summary>
    MatchBank,
}

/// <summary>The only place that says what may follow what. docs/adr/0003 shows it as a table, a test walks every pair.</summary>
public static class Life
{
    public static readonly FrozenDictionary<(Standing From, LifeEvent Event), Standing> Transitions = new Dictionary<(Standing, LifeEvent), Standing>
    {
        [(Standing.Draft, LifeEvent.Submit)] = Standing.Submitted,
        [(Standing.Draft, LifeEvent.MissConfirmation)] = Standing.Abandoned, // taken back and not sent in again
        [(Standing.Draft, LifeEvent.GiveUp)] = Standing.Abandoned,
        [(Standing.Submitted, LifeEvent.Withdraw)] = Standing.Draft,
        [(Standing.Submitted, LifeEvent.PassStage)] = Standing.Submitted,
        [(Standing.Submitted, LifeEvent.FallDue)] = Standing.AwaitingPayment,
        [(Standing.Submitted, LifeEvent.Complete)] = Standing.Registered,
        [(Standing.Submitted, LifeEvent.Return)] = Standing.ReturnedForCorrection,
        [(Standing.Submitted, LifeEvent.Reject)] = Standing.Rejected,
        [(Standing.Submitted, LifeEvent.MissConfirmation)] = Standing.Abandoned,
        [(Standing.Submitted, LifeEvent.GiveUp)] = Standing.Abandoned,
        [(Standing.ReturnedForCorrection, LifeEvent.Submit)] = Standing.Submitted,
        [(Standing.ReturnedForCorrection, LifeEvent.MissCorrection)] = Standing.Abandoned,
        [(Standing.ReturnedForCorrection, LifeEvent.GiveUp)] = Standing.Abandoned,
        [(Standing.AwaitingPayment, LifeEvent.Pay)] = Standing.Registered,
        [(Standing.AwaitingPayment, LifeEvent.MissPayment)] = Standing.Abandoned,
        [(Standing.AwaitingPayment, LifeEvent.GiveUp)] = Standing.Abandoned,
        [(Standing.Abandoned, LifeEvent.MatchBank)] = Standing.Registered,
    }.ToFrozenDictionary();

    /// <summary>One that is neither abandoned nor rejected; a person has at most one per session.</summary>
    public static bool IsLive(this Standing standing) => standing is not (Standing.Abandoned or Standing.Rejected);

    /// <summary>Whether the profile's entries that the submission uses must stay as they are, because officers look at it or have passed it (C5).</summary>
    public static bool LocksEntries(this Standing standing) => standing is Standing.Submitted or Standing.AwaitingPayment or Standing.Registered;

    /// <summary>Whether the candidate fills in the form.</summary>
    public static bool IsOpenForEditing(this Standing standing) => standing is Standing.Draft or Standing.ReturnedForCorrection;
}
