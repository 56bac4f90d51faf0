using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.IO.Compression;
using System.Security.Cryptography;

namespace ExamPlatform.Identities;

/// <summary>What many people choose, of 8 characters or more: the list of zxcvbn-ts (common-passwords-licence.txt), made by eng/passwords.sh.</summary>
internal static class CommonPasswords
{
    private static readonly Lazy<FrozenSet<string>> Known = new(() =>
    {
        using var packed = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt.gz")!;
        using var text = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    });

    /// <summary>Upper and lower case are one, and so is what stands after it without being a letter or digit: Password1! is password1.</summary>
    public static bool Contain(string password)
    {
        var plain = password.ToLowerInvariant();
        return Known.Value.Contains(plain) || Known.Value.Contains(plain.TrimEnd('!', '.', '?', '@', '#', '*', '_', '-'));
    }
}

public enum PasswordClass
{
    Letter,
    Lower,
    Upper,
    Digit,
    Special,
}

/// <summary>What a new password must be; data, because each exam authority has its own. Passwords that exist already are not measured again.</summary>
public sealed class PasswordRule
{
    [Range(8, 128)]
    public int Min { get; set; }

    /// <summary>Bounded, because a longer one costs the hash more.</summary>
    [Range(8, 128)]
    public int Max { get; set; }

    /// <summary>Each of these must occur.</summary>
    [MinLength(1)]
    public PasswordClass[] Classes { get; set; } = [];

    public void Check(string password, Faults faults, string field = "password")
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(faults);
        faults.Add(password.Length < Min || password.Length > Max, field, "password-length", $"The password takes {Min} to {Max} characters.");
        faults.Add(password.Any(char.IsControl), field, "password-character", "The password holds a character that no keyboard types.");
        faults.Add(CommonPasswords.Contain(password), field, "password-common", "Many people have this password: it is among the first that are tried.");
        var missing = Classes.Where(wanted => !password.Any(c => Belongs(c, wanted))).Select(wanted => wanted.ToString().ToLowerInvariant()).ToList();
        faults.Add(missing.Count > 0, field, "password-classes", $"The password still needs: {string.Join(", ", missing)}.");
    }

    /// <summary>A random one that keeps the rule, without letters that look alike.</summary>
    public string Make()
    {
        while (true)
        {
            var made = RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789-+=", Math.Clamp(16, Min, Max));
            var faults = new Faults();
            Check(made, faults);
            if (!faults.Any) return made;
        }
    }

    private static bool Belongs(char c, PasswordClass wanted) => wanted switch
    {
        PasswordClass.Letter => char.IsAsciiLetter(c),
        PasswordClass.Lower => char.IsAsciiLetterLower(c),
        PasswordClass.Upper => char.IsAsciiLetterUpper(c),
        PasswordClass.Digit => char.IsAsciiDigit(c),
        PasswordClass.Special => !char.IsAsciiLetterOrDigit(c) && !char.IsControl(c),
        _ => throw new ArgumentOutOfRangeException(nameof(wanted)),
    };
}
