using System.Text;

namespace ExamPlatform.Identities;

/// <summary>An officer took a candidate's password away and had a code for a new one sent to their mobile, on proof of identity. Rows are only added.</summary>
public sealed class PasswordReset
{
    public Guid Id { get; init; }
    public Guid CandidateId { get; init; }
    public Guid OfficerId { get; init; }

    /// <summary>In the officer's words, which can be personal; under the person's key, so that it goes from here and from the audit trail with the account.</summary>
    public byte[] SealedReason { get; private init; } = [];

    /// <summary>The scan of what proved who the person is; it speaks for one reset.</summary>
    public Guid EvidenceDocumentId { get; init; }

    /// <summary>The code that was sent.</summary>
    public Guid CodeId { get; init; }
    public DateTimeOffset At { get; init; }

    public static PasswordReset Record(Guid candidate, Guid officer, string reason, Guid evidence, Guid code, byte[] personKey, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7();
        return new() { Id = id, CandidateId = candidate, OfficerId = officer, SealedReason = PersonalData.SealFor(personKey, Encoding.UTF8.GetBytes(reason), PlaceOf(id)), EvidenceDocumentId = evidence, CodeId = code, At = now };
    }

    /// <exception cref="InvalidOperationException">The person's account was deleted, and its key with it.</exception>
    public string Reason(PersonalData data, byte[]? personKey)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Encoding.UTF8.GetString(data.OpenFor(personKey, SealedReason, PlaceOf(Id)));
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
