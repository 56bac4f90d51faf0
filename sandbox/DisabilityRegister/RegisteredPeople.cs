using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ExamPlatform.Sandbox.DisabilityRegister;

/// <summary>Who holds a certificate, as the register knows it.</summary>
/// <param name="AreaCode">The city that keeps the person's file, GB/T 2260.</param>
/// <param name="Category">1 sight, 2 hearing, 3 speech, 4 limbs, 5 intellect, 6 mind, 7 several.</param>
/// <param name="Grade">1 the heaviest, to 4.</param>
public sealed record RegisteredPerson(string Certificate, string Name, string AreaCode, int Category, int Grade, DateOnly? ValidUntil);

public sealed partial class RegisteredPeople
{
    private readonly ConcurrentDictionary<string, RegisteredPerson> all = new();

    public IEnumerable<RegisteredPerson> All => all.Values.OrderBy(person => person.Certificate, StringComparer.Ordinal);

    public RegisteredPerson? Find(string certificate) => all.GetValueOrDefault(certificate);

    public void Add(RegisteredPerson person) => all[person.Certificate] = person;

    public bool Remove(string certificate) => all.TryRemove(certificate, out _);

    /// <summary>18-digit ID, category, grade, and the count of reissues.</summary>
    public static bool IsCertificate(string certificate) => Form().IsMatch(certificate);

    [GeneratedRegex(@"^[0-9]{17}[0-9X][1-7][1-4](B[1-9])?\z")]
    private static partial Regex Form();
}
