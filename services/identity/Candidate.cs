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

    /// <summary>The registration notice that the person accepted; <see cref="OnPaper"/> where an officer took in a paper consent instead.</summary>
    public string NoticeVersion { get; private init; } = "";

    /// <summary>The officer who registered the person at the counter; null for who did it themselves.</summary>
    public Guid? RegisteredBy { get; private init; }

    /// <summary>A code of the configuration; null for who was never asked.</summary>
    public string? IdentityType { get; private init; }

    public DateTimeOffset RegisteredAt { get; private init; }

    /// <summary>From then on nothing here says who it was; the row stays for those that name its id.</summary>
    public DateTimeOffset? ForgottenAt { get; private set; }
    public uint Version { get; init; }

    /// <summary>No notice was read on a screen.</summary>
    public const string OnPaper = "";

    private string IdentityPlace => $"candidates.sealed_identity/{Id:N}";
    private string MobilePlace => $"candidates.sealed_mobile/{Id:N}";

    public static Candidate Register(Guid id, CheckedPerson person, string noticeVersion, PersonalData data, DateTimeOffset now, Guid? registeredBy = null, string? identityType = null)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(data);
        var candidate = new Candidate
        {
            Id = id,
            DocumentType = person.Identity.DocumentType,
            DocumentHash = HashOf(data, person.Identity.DocumentType, person.DocumentKey),
            NoticeVersion = noticeVersion,
            RegisteredBy = registeredBy,
            IdentityType = identityType,
            RegisteredAt = now,
            MobileHash = HashOfMobile(data, person.Mobile),
        };
        candidate.SealedIdentity = data.Seal(JsonSerializer.SerializeToUtf8Bytes(person.Identity), candidate.IdentityPlace);
        candidate.SealedMobile = data.SealText(person.Mobile, candidate.MobilePlace);
        return candidate;
    }

    /// <summary>What the document says is another thing now; the mobile and the account stay.</summary>
    public void Correct(CheckedPerson right, PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(data);
        (DocumentType, DocumentHash) = (right.Identity.DocumentType, HashOf(data, right.Identity.DocumentType, right.DocumentKey));
        SealedIdentity = data.Seal(JsonSerializer.SerializeToUtf8Bytes(right.Identity), IdentityPlace);
    }

    /// <returns>The one of before, which still hears of it.</returns>
    public FormerMobile ReplaceMobile(string mobile, PersonalData data, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(data);
        var former = FormerMobile.Of(Id, Mobile(data), data, now);
        (MobileHash, SealedMobile) = (HashOfMobile(data, mobile), data.SealText(mobile, MobilePlace));
        return former;
    }

    /// <summary>The document can be registered anew. The id takes the hash's place: it is unique and says nothing.</summary>
    public void Forget(DateTimeOffset now) => (SealedIdentity, SealedMobile, MobileHash, DocumentHash, ForgottenAt) = ([], [], [], Id.ToByteArray(), now);

    public static byte[] HashOf(PersonalData data, DocumentType type, string documentKey)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Hash($"document {type}", documentKey);
    }

    public static byte[] HashOfMobile(PersonalData data, string mobile)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Hash("mobile", mobile);
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
