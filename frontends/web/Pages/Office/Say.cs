using System.Globalization;
using System.Security.Claims;
using ExamPlatform.Web.Components;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Pages.Office;

/// <summary>Officers' words for codes.</summary>
public static class Say
{
    public static string Kind(string kind) => Of($"kind-{kind}");
    public static string State(string state) => Of($"state-{state}");

    /// <summary>What an outcome means where it is decided: passing a release passes a failure on, not the candidate.</summary>
    public static string Outcome(string kind, string outcome) => Find($"outcome-{kind}-{outcome}") ?? Of($"outcome-{outcome}");

    /// <summary>The same as a choice: with what follows from it.</summary>
    public static string Choice(string kind, string outcome) => Find($"choice-{kind}-{outcome}") ?? Outcome(kind, outcome);

    public static string Verb(string kind, string verb) => Find($"verb-{verb}") ?? Outcome(kind, verb);

    /// <summary>Officers are not named to each other: it is oneself, a colleague by number, or the platform.</summary>
    public static string Who(Guid? officer, ClaimsPrincipal me)
    {
        ArgumentNullException.ThrowIfNull(me);
        return officer is not { } id ? OfficeWords.Platform : me.FindFirst("sub")?.Value == id.ToString() ? OfficeWords.Myself : Format(OfficeWords.Colleague, Short(id));
    }

    /// <summary>The end of an id: enough to tell the rows of a list apart. What is in front is the time.</summary>
    public static string Short(Guid id) => id.ToString("N")[^8..];

    public static string Format(string words, params object?[] values) => string.Format(CultureInfo.InvariantCulture, words, values);

    public static string Of(string name) => Find(name) ?? name;

    public static string? Find(string name) => OfficeWords.ResourceManager.GetString(name, CultureInfo.InvariantCulture);

    /// <summary>Whether it can be decided by the person who sees the row.</summary>
    public static bool IsOpenToMe(WorkRow work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return work.State == "open" || work is { State: "claimed", Claim.Mine: true };
    }

    public static string StateOf(WorkRow work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return work.Claim is not { } claim ? State(work.State) : Format(claim.Mine ? OfficeWords.HeldByMe : OfficeWords.HeldByOther, Moments.Say(claim.Until));
    }
}
