namespace ExamPlatform.Applications;

/// <summary>An entry of a list group. Its id is given by the platform and kept by the client when it sends the list again.</summary>
public interface IProfileEntry
{
    Guid? Id { get; }
    string Words { get; }

    /// <summary>What kind of entry: the education's level, the training's or certificate's type, in camelCase.</summary>
    string Kind { get; }

    /// <summary>A member that a programme may ask for; null where the entry has no such member or it is not filled.</summary>
    string? Value(EntryMember member);

    /// <summary>What the candidate wrote, without what the platform adds: two entries with the same content say the same.</summary>
    IProfileEntry Content();
}

public enum EducationLevel { Secondary, JuniorCollege, Bachelor, Master, Doctor }

/// <summary>Where an entry comes from: typed, or taken over from 学信网 by the candidate's authorisation. The platform says it, never the client.</summary>
public enum EntrySource { Manual, Chsi }

/// <summary>学信网授权的 … 核验状态为“核验通过”，手工录入的 … 核验状态为“未核验”且状态不会变更 (seed 002).</summary>
public enum EntryVerification { Unverified, Passed }

/// <param name="GraduatedOn">Month, YYYY-MM; up to 12 months ahead for who graduates this year.</param>
/// <param name="CertificateNumber">Left out by who has none yet (当年毕业研究生可不用输入毕业证书编号, seed 003).</param>
public sealed record EducationEntry(string School, string Major, EducationLevel Level, string GraduatedOn, string? CertificateNumber = null, string? Degree = null,
    EntrySource Source = EntrySource.Manual, EntryVerification Verification = EntryVerification.Unverified, Guid? Id = null) : IProfileEntry
{
    public string Words => ProfileWords.Join(GraduatedOn, School, Major, StatusWords.Of($"level-{Level}"), Degree, CertificateNumber, Verification is EntryVerification.Passed ? StatusWords.Of("entry-passed") : null);

    public string Kind => ProfileWords.Kind(Level);

    public string? Value(EntryMember member) => member switch
    {
        EntryMember.CertificateNumber => CertificateNumber,
        EntryMember.GraduatedOn => GraduatedOn,
        EntryMember.Degree => Degree,
        _ => null,
    };

    public IProfileEntry Content() => this with { Source = EntrySource.Manual, Verification = EntryVerification.Unverified, Id = null };
}

public enum TrainingType { Residency, Continuing, Other }

public sealed record TrainingEntry(string Title, string Organisation, string From, string Until, TrainingType Type = TrainingType.Other, Guid? Id = null) : IProfileEntry
{
    public string Words => ProfileWords.Join($"{From}—{Until}", Organisation, StatusWords.Of($"training-{Type}"), Title);

    public string Kind => ProfileWords.Kind(Type);

    public string? Value(EntryMember member) => null;

    public IProfileEntry Content() => this with { Id = null };
}

/// <summary><see cref="RuralAssistantPhysician"/> is 执业助理医师（乡镇）, which opens less than 执业助理医师 (seed 003).</summary>
public enum CertificateType { Physician, AssistantPhysician, RuralAssistantPhysician, Nurse, Residency, Other }

/// <param name="IssuedOn">Month, YYYY-MM, of the qualification certificate (资格证书).</param>
/// <param name="RegisteredOn">Month, YYYY-MM, of the practising certificate (执业证书), as its <paramref name="RegistrationNumber"/>: not to be mixed up with those of the qualification (seed 003).</param>
public sealed record CertificateEntry(string Title, string Number, string IssuedOn, CertificateType Type = CertificateType.Other, string? RegisteredOn = null, string? RegistrationNumber = null, Guid? Id = null)
    : IProfileEntry
{
    public string Words => ProfileWords.Join(IssuedOn, Type is CertificateType.Other ? null : StatusWords.Of($"certificate-{Type}"), Title, Number,
        RegisteredOn is null && RegistrationNumber is null ? null : StatusWords.Of("entry-registered"), RegisteredOn, RegistrationNumber);

    public string Kind => ProfileWords.Kind(Type);

    public string? Value(EntryMember member) => member switch
    {
        EntryMember.Number => Number,
        EntryMember.IssuedOn => IssuedOn,
        EntryMember.RegisteredOn => RegisteredOn,
        EntryMember.RegistrationNumber => RegistrationNumber,
        _ => null,
    };

    public IProfileEntry Content() => this with { Id = null };
}

internal static class ProfileWords
{
    public static string Kind<T>(T kind) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public static string Join(params string?[] words) => string.Join(' ', words.Where(word => !string.IsNullOrEmpty(word)));
}
