namespace ExamPlatform.Identities;

/// <summary>The scanned paper by which a person lets an officer register and apply for them (现场报名). One scan speaks for one person.</summary>
public sealed class Consent
{
    /// <summary>The scan, in the document service.</summary>
    public Guid DocumentId { get; init; }
    public Guid CandidateId { get; init; }

    /// <summary>Who took the paper in.</summary>
    public Guid OfficerId { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>An officer found a person who is registered already, by the document. Rows are only added.</summary>
public sealed class PersonLook
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid OfficerId { get; init; }
    public Guid CandidateId { get; init; }

    /// <summary>The paper on whose account.</summary>
    public Guid ConsentDocumentId { get; init; }
    public DateTimeOffset At { get; init; }
}
