using System.Security.Cryptography;

namespace ExamPlatform.Applications;

/// <summary>The code printed on the application form; each submission has a new one, so that an old print is seen to be old.</summary>
public static class VerificationCode
{
    // no 0 O 1 I L U V, which are misread or misheard
    private const string Alphabet = "23456789ABCDEFGHJKMNPQRSTWXYZ";
    private const int Length = 12;

    /// <summary>As it was typed or scanned: in small letters, with blanks and hyphens.</summary>
    public static string Read(string typed) => string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    public static string Create() => RandomNumberGenerator.GetString(Alphabet, Length);
}
