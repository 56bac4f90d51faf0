namespace ExamPlatform.Identities;

/// <summary>An officer took a candidate's password away and had a code for a new one sent to their mobile, on proof of identity. Rows are only added.</summary>
public sealed class PasswordReset
{
    public Guid Id { get; init; }
    public Guid CandidateId { get; init; }
    public Guid OfficerId { get; init; }

    /// <summary>In the officer's words, which can be personal.</summary>
    public byte[] SealedReason { get; private init; } = [];

    /// <summary>The scan of what proved who the person is; it speaks for one reset.</summary>
    public Guid EvidenceDocumentId { get; init; }

    /// <summary>The code that was sent.</summary>
    public Guid CodeId { get; init; }
    public DateTimeOffset At { get; init; }

    public static PasswordReset Record(Guid candidate, Guid officer, string reason, Guid evidence, Guid code, PersonalData data, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(data);
        var id = Guid.CreateVersion7();
        return new() { Id = id, CandidateId = candidate, OfficerId = officer, SealedReason = data.SealText(reason, PlaceOf(id)), EvidenceDocumentId = evidence, CodeId = code, At = now };
    }

    public string Reason(PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.OpenText(SealedReason, PlaceOf(Id));
    }

    private static string PlaceOf(Guid id) => $"password_resets.sealed_reason/{id:N}";
}

/// <summary>Where a candidate has applied, as applications tell: officers there are responsible for the person.</summary>
public sealed class KnownPlace
{
    public Guid CandidateId { get; init; }

    /// <summary>110000/110100/</summary>
    public required string AreaPath { get; init; }
}
