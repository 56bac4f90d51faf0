using System.Text;

namespace ExamPlatform.Applications;

/// <summary>A name in which pinyin stands for characters that were not found (B2). It is seen by the name itself, so nobody has to tick anything: officers are told to compare it with the document.</summary>
public static class PinyinName
{
    private const int LastLatin = 0x24F;

    /// <summary>Documents on which every name is in Chinese characters; on others Latin letters are nothing odd.</summary>
    private static readonly string[] Chinese = ["residentId", "hkMacaoTaiwanResidencePermit", "taiwanTravelPermit", "militaryId"];

    /// <param name="documentType">In identity's words.</param>
    public static bool Is(string name, string documentType) =>
        name.EnumerateRunes().Any(IsLatin) && (Chinese.Contains(documentType) || name.EnumerateRunes().Any(rune => Rune.IsLetter(rune) && !IsLatin(rune)));

    private static bool IsLatin(Rune rune) => rune.Value <= LastLatin && Rune.IsLetter(rune);
}
