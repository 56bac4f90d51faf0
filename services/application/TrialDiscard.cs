namespace ExamPlatform.Applications;

/// <summary>That an officer had the practice of a session thrown away that was started until then. Never changed: the database refuses it.</summary>
public sealed class TrialDiscard
{
    public required string ProgrammeCode { get; init; }
    public required string SessionCode { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public Guid AskedBy { get; init; }
}
