using System.Text.RegularExpressions;

namespace ExamPlatform.Identities;

/// <summary>The number of a disability certificate (残疾人证, 中国残联): the holder's 18-character document number, category 1 to 7, grade 1 to 4, and B1, B2 … after a reissue.</summary>
public static partial class DisabilityCertificate
{
    private const int HolderLength = 18;

    public static string Tidy(string typed) => DocumentNumber.HalfWidth(typed);

    public static bool IsRight(string certificate) => Form().IsMatch(certificate);

    /// <summary>Whose certificate it is, by its own number.</summary>
    public static bool IsOf(string documentNumber, string certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate[..HolderLength] == documentNumber;
    }

    [GeneratedRegex(@"^[0-9]{17}[0-9X][1-7][1-4](B[1-9])?\z")]
    private static partial Regex Form();
}
