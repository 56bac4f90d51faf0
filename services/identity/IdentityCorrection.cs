using System.Text.Json;

namespace ExamPlatform.Identities;

/// <summary>An officer corrected what the document says of a person (B8): what it was, what it is, why, on which proof. Rows are only added.</summary>
public sealed class IdentityCorrection
{
    public Guid Id { get; init; }
    public Guid CandidateId { get; init; }
    public Guid OfficerId { get; init; }

    /// <summary>The officer's level and area path then.</summary>
    public required string Level { get; init; }
    public required string AreaPath { get; init; }

    /// <summary>Facts before and after, and the reason in the officer's words; under the person's key, so that they go from here and from the audit trail with the account.</summary>
    public byte[] Sealed { get; private init; } = [];

    /// <summary>The scan that proved it; it speaks for one correction.</summary>
    public Guid EvidenceDocumentId { get; init; }
    public DateTimeOffset At { get; init; }

    public sealed record Facts(IdentityFacts Before, IdentityFacts After, string Reason);

    public static IdentityCorrection Record(Guid candidate, Me officer, Facts facts, Guid evidence, byte[] personKey, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(officer);
        var id = Guid.CreateVersion7();
        return new() { Id = id, CandidateId = candidate, OfficerId = officer.Id, Level = officer.Level, AreaPath = officer.AreaPath, Sealed = PersonalData.SealFor(personKey, JsonSerializer.SerializeToUtf8Bytes(facts), PlaceOf(id)), EvidenceDocumentId = evidence, At = now };
    }

    /// <exception cref="InvalidOperationException">The person's account was deleted, and its key with it.</exception>
    public Facts Read(PersonalData data, byte[]? personKey)
    {
        ArgumentNullException.ThrowIfNull(data);
        return JsonSerializer.Deserialize<Facts>(data.OpenFor(personKey, Sealed, PlaceOf(Id)))!;
    }

    private static string PlaceOf(Guid id) => $"identity_corrections.sealed/{id:N}";
}
