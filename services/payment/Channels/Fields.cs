using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace ExamPlatform.Payments.Channels;

/// <summary>Forms as Alipay and UnionPay send and sign them.</summary>
internal static class Fields
{
    /// <summary><c>k=v&amp;k=v</c> by the order of the keys, empty ones and those named left out, nothing escaped: what is signed.</summary>
    public static string ToSign(IEnumerable<KeyValuePair<string, string>> fields, params string[] without) =>
        string.Join('&', fields.Where(f => f.Value.Length > 0 && !without.Contains(f.Key)).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"));

    /// <returns>Null when the body is no form, or says something twice.</returns>
    public static Dictionary<string, string>? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(body));
            var form = reader.ReadForm();
            return form.Values.All(values => values.Count == 1) ? form.ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
