using System.Globalization;
using System.Text.RegularExpressions;

namespace ExamPlatform.Identities;

/// <summary>A document's number as read by the rule of its type, with what it says about its holder.</summary>
/// <param name="Text">As kept and shown: half-width, upper case, no blanks.</param>
/// <param name="Key">What stays the same over reissues and ways of writing: one person's documents of a type have one key.</param>
public sealed record DocumentReading(string Text, string Key, Sex? Sex, DateOnly? BirthDate, string? Nationality);

/// <summary>The numbers of identity documents: form, check digit, and what they hold. One table; a new form is a new row.</summary>
public static class DocumentNumber
{
    private const string Date = "(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])";
    private const string China = "CHN";

    // Residence permits have a resident ID's form with a place code of their own: taken as resident IDs, one person could register twice.
    // Travel permits of Hong Kong and Macao: two digits that count the issues may follow; the first nine characters are the person's for life.
    private static readonly Form[] Forms =
    [
        new(DocumentType.ResidentId, $"^(?!8[123]0000)[1-8][0-9]{{5}}{Date}[0-9]{{3}}[0-9X]\\z", "11010519491231002X") { CheckDigit = true, BirthAt = 6, SexAt = 16, Nationality = China },
        new(DocumentType.HkMacaoTaiwanResidencePermit, $"^8[123]0000{Date}[0-9]{{3}}[0-9X]\\z", "810000199003070015") { CheckDigit = true, BirthAt = 6, SexAt = 16, Nationality = China },
        new(DocumentType.HkMacaoTravelPermit, @"^[HM][0-9]{8}([0-9]{2})?\z", "H12345678") { KeyLength = 9, Nationality = China },
        new(DocumentType.TaiwanTravelPermit, @"^[0-9]{8}\z", "12345678") { Nationality = China },
        new(DocumentType.TaiwanTravelPermit, @"^[0-9]{10}\([A-Z]\)\z", "1234567890(B)") { Nationality = China },
        new(DocumentType.ForeignPermanentResidentCard, $"^9[0-9]{{5}}{Date}[0-9]{{3}}[0-9X]\\z", "911424199001010016") { CheckDigit = true, BirthAt = 6 },
        new(DocumentType.ForeignPermanentResidentCard, @"^[A-Z]{3}[0-9]{12}\z", "USA110090010116"),
        new(DocumentType.Passport, @"^[A-Z0-9]{5,17}\z", "E12345678"),
        new(DocumentType.MilitaryId, @"^[\u4e00-\u9fa5]字第[0-9A-Z]{4,8}号?\z", "南字第12345678号") { Nationality = China },
    ];

    /// <summary>Reads a number by the forms of its type; null with a fault at <paramref name="field"/> when it is none of them.</summary>
    public static DocumentReading? Read(DocumentType type, string typed, string field, DateOnly today, Faults faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var text = HalfWidth(typed);
        if (Forms.FirstOrDefault(form => form.Type == type && form.Pattern.IsMatch(text)) is not { } found)
        {
            var examples = string.Join(" or ", Forms.Where(form => form.Type == type).Select(form => form.Example));
            faults.Add(true, field, text.Length == 0 ? "required" : "document-number-format", $"A number of this document type looks like {examples}; check the number and the type.");
            return null;
        }
        var birth = found.Birth(text);
        var notBorn = found.BirthAt is not null && (birth is null || birth > today);
        faults.Add(notBorn, field, "document-number-birth-date", "The birth date inside the number is none; compare it with the document.");
        faults.Add(found.CheckDigit && CheckCharacter(text) != text[^1], field, "document-number-check-digit", "The last character does not fit the others; compare each with the document.");
        return new(text, found.Key(text), found.Sex(text), birth, found.Nationality);
    }

    /// <summary>The keys of all types whose form fits: for signing in by number alone.</summary>
    public static IEnumerable<(DocumentType Type, string Key)> Readings(string typed)
    {
        var text = HalfWidth(typed);
        return Forms.Where(form => form.Pattern.IsMatch(text)).Select(form => (form.Type, form.Key(text)));
    }

    /// <summary>Full-width characters to half-width, upper case, blanks dropped: what input methods do to numbers.</summary>
    public static string HalfWidth(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return string.Concat(typed.Where(c => !char.IsWhiteSpace(c)).Select(c => char.ToUpperInvariant(c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c)));
    }

    /// <summary>The 18th character of a resident ID: MOD 11-2, GB 11643-1999 clause 4.4 and ISO 7064.</summary>
    public static char CheckCharacter(string first17)
    {
        ArgumentNullException.ThrowIfNull(first17);
        var sum = 0;
        for (var i = 0; i < 17; i++) sum = (sum + first17[i] - '0') * 2 % 11;
        return "10X98765432"[sum];
    }

    /// <summary>The first three and the last two characters.</summary>
    public static string Masked(string number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return number.Length < 8 ? new string('*', number.Length) : number[..3] + new string('*', number.Length - 5) + number[^2..];
    }

    /// <summary>Tells namesakes in a public notice apart: the last four characters, and never more than a third.</summary>
    public static string End(string number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return "****" + number[^Math.Min(4, number.Length / 3)..];
    }

    private sealed record Form(DocumentType Type, string Regex, string Example)
    {
        public Regex Pattern { get; } = new(Regex, RegexOptions.CultureInvariant);
        public bool CheckDigit { get; init; }
        public int? BirthAt { get; init; }
        public int? SexAt { get; init; }
        public string? Nationality { get; init; }
        public int KeyLength { get; init; } = int.MaxValue;

        public string Key(string text) => text[..Math.Min(KeyLength, text.Length)].TrimEnd('号');

        public DateOnly? Birth(string text) =>
            BirthAt is { } at && DateOnly.TryParseExact(text.AsSpan(at, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

        public Sex? Sex(string text) => SexAt is { } at ? (text[at] - '0') % 2 == 1 ? Identities.Sex.Male : Identities.Sex.Female : null;
    }
}
