using System.Globalization;
using System.Security.Cryptography;

namespace ExamPlatform.Demo;

/// <summary>Somebody who does not exist, with a valid resident ID, to be registered.</summary>
public sealed record NewCandidate(string Name, string DocumentNumber, string Mobile, string Password)
{
    private const string FamilyNames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨";

    public static NewCandidate Random()
    {
        var born = new DateOnly(1970, 1, 1).AddDays(RandomNumberGenerator.GetInt32(10_000));
        var first17 = "110101" + born.ToString("yyyyMMdd", CultureInfo.InvariantCulture) + RandomNumberGenerator.GetInt32(1000).ToString("000", CultureInfo.InvariantCulture);
        return new(FamilyNames[RandomNumberGenerator.GetInt32(FamilyNames.Length)] + "演示", first17 + CheckCharacter(first17),
            "199" + RandomNumberGenerator.GetString("0123456789", 8), "Aa1!" + RandomNumberGenerator.GetString("abcdefghijkmnopqrstuvwxyz23456789", 8));
    }

    /// <summary>What is typed into the registration form.</summary>
    /// <param name="secondNumber">The document number as typed the second time, if not the same.</param>
    public object Registration(string noticeVersion, string? secondNumber = null) => new
    {
        name = Name,
        documentType = "residentId",
        documentNumber = DocumentNumber,
        repeat = new { name = Name, documentType = "residentId", documentNumber = secondNumber ?? DocumentNumber },
        mobile = Mobile,
        password = Password,
        noticeVersion,
    };

    /// <summary>What an officer types for somebody who came to the counter.</summary>
    /// <param name="consent">The scanned paper.</param>
    public object AtCounter(string consent) => new
    {
        name = Name,
        documentType = "residentId",
        documentNumber = DocumentNumber,
        repeat = new { name = Name, documentType = "residentId", documentNumber = DocumentNumber },
        mobile = Mobile,
        consentDocumentId = consent,
    };

    /// <summary>GB 11643-1999, MOD 11-2.</summary>
    private static char CheckCharacter(string first17)
    {
        var sum = 0;
        foreach (var digit in first17) sum = (sum + digit - '0') * 2 % 11;
        return "10X98765432"[sum];
    }
}
