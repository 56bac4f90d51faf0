using System.Text.RegularExpressions;

namespace ExamPlatform.Identities;

/// <summary>What a person types to register.</summary>
/// <param name="Repeat">Name, type and number typed a second time.</param>
/// <param name="NoticeVersion">The version of the registration notice that was read and accepted.</param>
/// <param name="Sex">Only for documents whose number does not hold it; likewise birth date and nationality.</param>
/// <param name="Nationality">ISO 3166 alpha-3.</param>
/// <param name="IdentityType">What the person registers as, where the platform asks for it.</param>
/// <param name="SmsCode">The code sent to this mobile, where the platform asks for one.</param>
public sealed record Registration(string Name, DocumentType DocumentType, string DocumentNumber, SecondEntry Repeat, string Mobile, string Password, string NoticeVersion,
    Sex? Sex = null, DateOnly? BirthDate = null, string? Nationality = null, SmsProof? SmsCode = null, string? IdentityType = null)
{
    public TypedPerson Person() => new(Name, DocumentType, DocumentNumber, Repeat, Mobile, Sex, BirthDate, Nationality);
}

public sealed record SecondEntry(string Name, DocumentType DocumentType, string DocumentNumber);

/// <summary>What is typed about a person, by themselves or by an officer at the counter.</summary>
public sealed record TypedPerson(string Name, DocumentType DocumentType, string DocumentNumber, SecondEntry Repeat, string Mobile, Sex? Sex, DateOnly? BirthDate, string? Nationality);

/// <summary>A person without faults.</summary>
public sealed record CheckedPerson(IdentityFacts Identity, string DocumentKey, string Mobile);

/// <summary>Every rule of a registration, all looked at before anything is refused.</summary>
public static partial class RegistrationRules
{
    private const string NotInDocument = "A document of this type does not hold it, so it must be entered.";

    public static (CheckedPerson? Right, Faults Faults) Check(this Registration entry, IdentitySettings settings, string notice, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(settings);
        var faults = new Faults();
        var right = entry.Person().Check(today, faults);
        IdentityType.Check(entry.IdentityType, settings, faults);
        settings.PasswordRule.Check(entry.Password, faults);
        faults.Add(entry.NoticeVersion != notice, "noticeVersion", "notice-not-accepted", $"Read and accept the present registration notice, version {notice}.");
        return (faults.Any ? null : right, faults);
    }

    /// <returns>Null when something about the person is wrong.</returns>
    public static CheckedPerson? Check(this TypedPerson entry, DateOnly today, Faults faults)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(faults);
        var name = PersonName.Tidy(entry.Name);
        PersonName.Check(name, "name", faults);
        var document = DocumentNumber.Read(entry.DocumentType, entry.DocumentNumber, "documentNumber", today, faults);
        Compare(entry, name, faults);
        var mobile = Mobile.Tidy(entry.Mobile);
        faults.Add(!Mobile.IsRight(mobile), "mobile", "mobile-format", "A mobile number has 11 digits and begins with 1: 13812345678.");
        if (document is not null) CheckHolder(entry, document, today, faults);
        if (faults.Any || document is null) return null;
        var identity = new IdentityFacts(name, entry.DocumentType, document.Text, document.Sex ?? entry.Sex!.Value, document.BirthDate ?? entry.BirthDate!.Value, document.Nationality ?? entry.Nationality!);
        return new(identity, document.Key, mobile);
    }

    /// <summary>HR: name, type and number are typed twice; each difference is told at the second entry.</summary>
    private static void Compare(TypedPerson entry, string name, Faults faults)
    {
        const string differs = "The second entry differs from the first; compare both with the document.";
        faults.Add(PersonName.Tidy(entry.Repeat.Name) != name, "repeat/name", "differs", differs);
        faults.Add(entry.Repeat.DocumentType != entry.DocumentType, "repeat/documentType", "differs", differs);
        faults.Add(DocumentNumber.HalfWidth(entry.Repeat.DocumentNumber) != DocumentNumber.HalfWidth(entry.DocumentNumber), "repeat/documentNumber", "differs", differs);
    }

    /// <summary>What the number says is never asked; what it does not say must be entered.</summary>
    private static void CheckHolder(TypedPerson entry, DocumentReading document, DateOnly today, Faults faults)
    {
        Hold("sex", document.Sex, entry.Sex, faults);
        Hold("birthDate", document.BirthDate, entry.BirthDate, faults);
        faults.Add(document.BirthDate is null && entry.BirthDate is { } birth && (birth > today || birth.Year < 1900), "birthDate", "birth-date", "This is no one's birth date.");
        faults.Add(document.Nationality is null && entry.Nationality is null, "nationality", "required", NotInDocument);
        faults.Add(document.Nationality is null && entry.Nationality is { } code && !CountryCode().IsMatch(code), "nationality", "nationality-code", "A nationality is an ISO 3166 code of three letters: CHN, FRA.");
        faults.Add(document.Nationality is { } held && entry.Nationality is { } told && told != held, "nationality", "contradicts-document", $"The document says {document.Nationality}; leave this out.");
    }

    private static void Hold<T>(string field, T? held, T? entered, Faults faults) where T : struct
    {
        faults.Add(held is null && entered is null, field, "required", NotInDocument);
        faults.Add(held is { } h && entered is { } e && !h.Equals(e), field, "contradicts-document", "The number says otherwise; leave this out.");
    }

    [GeneratedRegex(@"^[A-Z]{3}\z")]
    private static partial Regex CountryCode();
}
