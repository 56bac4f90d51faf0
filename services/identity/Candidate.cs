using System.Text.Json;

namespace ExamPlatform.Identities;

/// <summary>What the document says about a person. The candidate cannot change it.</summary>
/// <param name="Nationality">ISO 3166 alpha-3.</param>
public sealed record IdentityFacts(string Name, DocumentType DocumentType, string DocumentNumber, Sex Sex, DateOnly BirthDate, string Nationality);

/// <summary>A person who registered: one per document. Name, number, sex, birth date and mobile lie encrypted.</summary>
public sealed class Candidate
{
    /// <summary>The account's id.</summary>
    public Guid Id { get; init; }

    public DocumentType DocumentType { get; private set; }

    /// <summary>Keyed hash of type and number; with the type unique.</summary>
    public byte[] DocumentHash { get; private set; } = [];

    public byte[] SealedIdentity { get; private set; } = [];
    public byte[] SealedMobile { get; private set; } = [];
    public byte[] MobileHash { get; private set; } = [];

    /// <summary>The registration notice that the person accepted.</summary>
    public string NoticeVersion { get; private init; } = "";

    public DateTimeOffset RegisteredAt { get; private init; }
    public uint Version { get; init; }

    private string IdentityPlace => $"candidates.sealed_identity/{Id:N}";
    private string MobilePlace => $"candidates.sealed_mobile/{Id:N}";

    public static Candidate Register(Guid id, IdentityFacts identity, string documentKey, string mobile, string noticeVersion, PersonalData data, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(data);
        var candidate = new Candidate
        {
            Id = id,
            DocumentType = identity.DocumentType,
            DocumentHash = HashOf(data, identity.DocumentType, documentKey),
            NoticeVersion = noticeVersion,
            RegisteredAt = now,
            MobileHash = data.Hash("mobile", mobile),
        };
        candidate.SealedIdentity = data.Seal(JsonSerializer.SerializeToUtf8Bytes(identity), candidate.IdentityPlace);
        candidate.SealedMobile = data.SealText(mobile, candidate.MobilePlace);
        return candidate;
    }

    public static byte[] HashOf(PersonalData data, DocumentType type, string documentKey)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Hash($"document {type}", documentKey);
    }

    public IdentityFacts Identity(PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return JsonSerializer.Deserialize<IdentityFacts>(data.Open(SealedIdentity, IdentityPlace))!;
    }

    public string Mobile(PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.OpenText(SealedMobile, MobilePlace);
    }
}
