using System.Globalization;
using System.Resources;

namespace ExamPlatform.Applications;

/// <summary>What the candidate is told, always these three: where it stands, who must act next, until when.</summary>
/// <param name="Where">draft, withdrawn, returned, release, payment, registered, rejected, appealed, abandoned, or the code of the stage it waits at.</param>
/// <param name="Text">The same in words.</param>
/// <param name="Who">candidate, officer, or nobody.</param>
/// <param name="Until">Null when nothing is to be done.</param>
/// <param name="Next">What comes next: fill, submit, wait, confirmOnSite, correct, pay, appeal, nothing.</param>
/// <param name="Trial">It is only a practice (试报名).</param>
public sealed record Status(string Where, string Text, string Who, DateTimeOffset? Until, string Next, bool Trial = false)
{
    public static Status Of(Application application, ExamProgramme programme, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(programme);
        var (until, over) = (application.DeadlineAt, now >= application.DeadlineAt);
        Status status = application.Standing switch
        {
            Standing.Draft when application.Submitted > 0 => new("withdrawn", StatusWords.Of("withdrawn"), "candidate", until, "submit"),
            Standing.Draft when over => new("draft", StatusWords.Of("draft-over"), "nobody", null, "nothing"),
            Standing.Draft => new("draft", StatusWords.Of("draft"), "candidate", until, "fill"),
            Standing.Submitted when application.AwaitedTask is DeadlineTask.Confirm => new(application.Stage!, StatusWords.Of("on-site", Title(application.Stage!)), "candidate", until, "confirmOnSite"),
            Standing.Submitted => new(application.Stage!, StatusWords.Of("stage", Title(application.Stage!)), "officer", until, "wait"),
            Standing.ReturnedForCorrection => new("returned", StatusWords.Of("returned", Title(application.Returned!.Stage)), "candidate", until, "correct"),
            Standing.AwaitingPayment => new("payment", StatusWords.Of("payment"), "candidate", until, "pay"),
            Standing.Registered => new("registered", StatusWords.Of("registered"), "nobody", null, "nothing"),
            Standing.AwaitingRelease => new("release", StatusWords.Of("release", Title(application.Returned!.Stage)), "officer", until, "wait"),
            Standing.Appealed => new("appealed", StatusWords.Of("appealed", Title(application.Stage!)), "officer", null, "wait"),
            Standing.Rejected when application.AwaitedTask is DeadlineTask.Appeal && !over => new("rejected", StatusWords.Of("rejected-appeal"), "candidate", until, "appeal"),
            Standing.Rejected => new("rejected", StatusWords.Of("rejected"), "nobody", null, "nothing"),
            _ => new("abandoned", StatusWords.Of(application.AbandonedFor is null or AbandonCause.Candidate ? "abandoned" : $"abandoned-{application.Cause}"), "nobody", null, "nothing"),
        };
        return status with { Trial = application.Trial };

        string Title(string stage) => programme.Stage(stage).Title;
    }
}

/// <summary>A node of the way: done, current or to come.</summary>
public sealed record ProgressNode(string Code, string Title, string State)
{
    public static IReadOnlyList<ProgressNode> Of(Application application, ExamProgramme programme)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(programme);
        var pays = programme.PolicyOf(programme.Session(application.SessionCode)!, application.HandledIn)?.Payment is not null;
        (string Code, string Title)[] way =
        [
            ("fill", StatusWords.Of("node-fill")), ("submit", StatusWords.Of("node-submit")), .. programme.Stages.Select(s => (s.Code, s.Title)),
            .. pays ? [("payment", StatusWords.Of("node-payment"))] : Array.Empty<(string, string)>(), ("registered", StatusWords.Of("node-registered")),
        ];
        var here = application.Standing switch
        {
            Standing.Submitted or Standing.Appealed => application.Stage!,
            Standing.AwaitingRelease => application.Returned!.Stage,
            Standing.AwaitingPayment => "payment",
            Standing.Registered => "",
            _ => "fill",
        };
        var at = Array.FindIndex(way, node => node.Code == here) is >= 0 and var found ? found : way.Length;
        return [.. way.Select((node, i) => new ProgressNode(node.Code, node.Title, i < at ? "done" : i > at || !application.Standing.IsLive() ? "toCome" : "current"))];
    }
}

/// <summary>Words that candidates and officers read, from <c>StatusWords.resx</c>.</summary>
public static class StatusWords
{
    private static readonly ResourceManager Words = new("ExamPlatform.Applications.StatusWords", typeof(StatusWords).Assembly);

    public static string Of(string name, params ReadOnlySpan<object?> parts) => string.Format(CultureInfo.InvariantCulture, Find(name) ?? throw new InvalidOperationException($"StatusWords.resx has no '{name}'."), parts);

    public static string? Find(string name) => Words.GetString(name, CultureInfo.InvariantCulture);
}
