using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ExamPlatform.Identities;

/// <summary>The register of disability certificates as a province's staff send it: CSV with the columns certificate, name, areaCode and validUntil.</summary>
public sealed partial class DisabilityFile(Func<string, bool> covers) : TableFile(["certificate", "name", "areaCode", "validUntil"], MostRows)
{
    public const int MostRows = 200_000;

    private readonly List<DisabilityRow> rows = [];
    private readonly Dictionary<string, long> lines = new(StringComparer.Ordinal);

    /// <param name="Certificate">Whole: 18-character ID, category, grade, perhaps a reissue.</param>
    public sealed record DisabilityRow(string Certificate, DisabilityEntry Entry)
    {
        public override string ToString() => nameof(DisabilityRow); // a record would print it
    }

    /// <param name="covers">Whether the officer answers for a city, by its code.</param>
    /// <returns>The rows, if there is no fault.</returns>
    public static async Task<(IReadOnlyList<DisabilityRow> Rows, IReadOnlyList<Fault> Faults)> Read(Stream body, Encoding encoding, Func<string, bool> covers, CancellationToken ct)
    {
        var file = new DisabilityFile(covers);
        await file.ReadCsv(body, encoding, ct);
        return (file.rows, file.Faults);
    }

    protected override void Take(IReadOnlyList<string> values, long line)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (certificate, name, areaCode, until) = (DisabilityCertificate.Tidy(values[0]), PersonName.Tidy(values[1]), DocumentNumber.HalfWidth(values[2]), DateOnly.MaxValue);
        if (!DisabilityCertificate.IsRight(certificate)) Fault(line, "certificate", "not-a-certificate", "The 20 characters of a certificate: the 18 of the resident ID, category 1-7, grade 1-4, and B1 … after a reissue.");
        else if (!lines.TryAdd(certificate, line)) Fault(line, "certificate", "said-twice", $"Line {lines[certificate]} has this certificate already; each stands once.");
        if (WrongName(name) is { } wrong) Fault(line, "name", wrong.Code, wrong.Detail);
        if (!City().IsMatch(areaCode)) Fault(line, "areaCode", "not-an-area", "The six digits of the city that keeps the file (GB/T 2260), such as 110100.");
        else if (!covers(areaCode)) Fault(line, "areaCode", "outside-jurisdiction", "This city is not in your jurisdiction.");
        if (values[3].Length > 0 && !DateOnly.TryParseExact(values[3], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out until)) Fault(line, "validUntil", "not-a-date", "The last day as YYYY-MM-DD, or nothing.");
        if (Faults.Count == 0) rows.Add(new(certificate, new(name, areaCode, certificate[18] - '0', certificate[19] - '0', values[3].Length > 0 ? until : null)));
    }

    private static (string Code, string Detail)? WrongName(string name)
    {
        if (Unreadable(name) is { } unreadable) return unreadable;
        var faults = new Faults();
        PersonName.Check(name, "name", faults);
        return faults.Any ? (faults.All[0].Code == "required" ? "empty" : faults.All[0].Code, faults.All[0].Detail) : null;
    }

    [GeneratedRegex(@"\A[1-8][0-9]{5}\z")]
    private static partial Regex City();
}
