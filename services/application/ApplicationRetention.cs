namespace ExamPlatform.Applications;

// How long its personal data are kept, and what is left of it then.
public sealed partial class Application
{
    /// <summary>From then on nothing in it says anything about a person; null while it does.</summary>
    public DateTimeOffset? ClearedAt { get; private set; }

    /// <summary>Somebody still has to decide, or to do something, that the exam waits for. What was never sent in waits for nobody.</summary>
    public bool IsUnderWay => Submitted > 0 && Standing is not (Standing.Registered or Standing.Rejected or Standing.Abandoned);

    /// <summary>Until when its personal data are kept; what is under way may last longer. Null where the exam does not say.</summary>
    public DateTimeOffset? KeptUntil(ExamProgramme programme) =>
        programme is { Retention: { } rule } && programme.Session(SessionCode) is { } session ? (session.EndsAt() > ChangedAt ? session.EndsAt() : ChangedAt).AddDays(rule.Days) : null;

    /// <summary>Exam, session, area, places, standing, fee and times stay: results and counts need them. The ids of its history lead to nobody once the account is gone.</summary>
    public void Clear(DateTimeOffset now)
    {
        if (ClearedAt is not null) return;
        var nothing = new Dictionary<string, string>();
        if (Sent is { } sent) Sent = new(sent.Area, sent.Site, nothing, null, null, sent.Preferences);
        if (Returned is { } back) Returned = back with { Remark = "" };
        (Answers, PhotoId, Documents, Entry, PersonDocumentType, PaperTicks) = (nothing, null, NoDocuments, null, "", new Dictionary<string, PaperTick>());
        (DeadlineAt, AwaitedTask, RemindAt, LapsesAt, ClearedAt) = (null, null, null, null, now);
    }
}

internal sealed partial class ProgrammeRules
{
    private void CheckRetention() => faults.Add(programme.Retention is null, "retention", "required", "Say for how many days after the session the personal data of applications are kept.")
        .Add(programme.Retention is { Days: < 30 or > 36_500 }, "retention/days", "out-of-range", "30 days (nobody's appeal shall find nothing left) to 36500.");
}
