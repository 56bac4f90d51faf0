namespace ExamPlatform.Applications.Tests;

/// <summary>An exam's own document with a form that is filled in rightly, and applications of it in a named state, without any database.</summary>
/// <param name="Complete">The answers, by <c>section/field</c>.</param>
/// <param name="At">Area and site; null where places are preferred.</param>
/// <param name="Person">The kind of identity document.</param>
/// <param name="Wanted">The preferred places.</param>
internal sealed record Exam(ExamProgramme Programme, IReadOnlyDictionary<string, string> Complete, ProfileGroups Profile, string[]? At, string Person = "residentId", params IReadOnlyList<Preference> Wanted)
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset AfterAll = new(2027, 6, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly Guid Officer = Guid.NewGuid();

    public ExamSession Session => Programme.Sessions[0];

    public static string Text(string code) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "programmes", code + ".json"));
    public static ExamProgramme Read(string code) => ProgrammeReader.Read(Text(code)).Programme!;

    public Exam But(params (string Field, string? Value)[] changes)
    {
        var answers = new Dictionary<string, string>(Complete);
        foreach (var (field, value) in changes)
            if (value is null) answers.Remove(field);
            else answers[field] = value;
        return this with { Complete = answers };
    }

    /// <summary>Every fault of the form, as <c>section/field code</c>.</summary>
    public IEnumerable<string> Faults(params (string Field, string? Value)[] changes) =>
        But(changes).Filling() is var filling ? Programme.Form.SelectMany(filling.Faults).Select(f => $"{f.Pointer[2..]} {f.Code}").Order(StringComparer.Ordinal) : [];

    /// <summary>The fields that are told to be missing when all of them are left out.</summary>
    public IEnumerable<string> Required(params string[] fields) => Faults([.. fields.Select(f => (f, (string?)null))]).Where(f => f.EndsWith(" required", StringComparison.Ordinal)).Select(f => f.Split(' ')[0]);

    public Filling Filling() => new(Programme, Complete, At?[0], Programme.PolicyOf(Session, At?[0]), Profile, Guid.NewGuid(), Attached, Wanted, Person, Application.Today(Now));

    /// <summary>A draft with everything filled in.</summary>
    public Application Draft()
    {
        var application = Application.Start(Guid.NewGuid(), Person, Programme, Session, Profile, Now);
        if (At is not null) Must(application.ChooseArea(At[0], At[1], Programme, Profile, Now));
        else Must(application.Prefer(Wanted, Programme, Profile, Now));
        foreach (var section in Programme.Form) Must(application.SaveStep(section, Of(section), Programme, Profile, Now));
        Must(application.Attach(Guid.NewGuid(), Attached, Programme, Profile, Now));
        return application;
    }

    public Application AtStage(string stage)
    {
        var application = Draft();
        Must(Submit(application));
        while (application.Stage != stage) Pass(application);
        return application;
    }

    /// <summary>Sends in the next version; the first of the wanted places is free.</summary>
    public Refusal? Submit(Application application, DateTimeOffset? now = null) =>
        application.Submit(Programme, Profile, now ?? Now, Wanted.Count == 0 ? null : new(Session.OpenBatch(now ?? Now)!.Code, application.Preferences[0].Base, application.Preferences[0].Speciality));

    public void Pass(Application application) => Must(application.Pass(On(application), Programme, Now));
    public void Fail(Application application, params string[] reasons) => Must(application.Fail(On(application), reasons, "", Programme, Now));

    /// <summary>A decision on what there is to decide.</summary>
    public static Decision On(Application application) => new(application.Stage ?? application.Returned!.Stage, application.Submitted, Officer);

    public Refusal? Save(Application application, string section, string field, string value, DateTimeOffset? now = null) =>
        application.SaveStep(Programme.Section(section)!, Of(Programme.Section(section)!).Append(KeyValuePair.Create(field, value)).DistinctLast(), Programme, Profile, now ?? Now);

    public static void Must(Refusal? refusal) => Assert.Null(refusal);

    private Dictionary<string, string> Of(FormSection section) =>
        Complete.Where(a => a.Key.StartsWith(section.Code + "/", StringComparison.Ordinal)).ToDictionary(a => a.Key[(section.Code.Length + 1)..], a => a.Value);

    private Dictionary<string, Guid> Attached => Programme.Documents.ToDictionary(d => d.Code, _ => Guid.NewGuid());
}

internal static class Answers
{
    public static Dictionary<string, string> DistinctLast(this IEnumerable<KeyValuePair<string, string>> answers) => answers.GroupBy(a => a.Key).ToDictionary(g => g.Key, g => g.Last().Value);
}
