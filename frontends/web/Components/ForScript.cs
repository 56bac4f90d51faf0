using System.Collections;
using System.Globalization;
using System.Text.Json;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Components;

/// <summary>Words that a script says, handed to it with the page: the scripts themselves speak no language.</summary>
public static class ForScript
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All words that begin with <paramref name="part"/> and a dash, as JSON by what follows.</summary>
    public static string Words(string part) => Of(Script.ResourceManager.GetResourceSet(CultureInfo.InvariantCulture, true, true)!.Cast<DictionaryEntry>().Where(word => ((string)word.Key).StartsWith(part + "-", StringComparison.Ordinal))
        .ToDictionary(word => ((string)word.Key)[(part.Length + 1)..], word => (string)word.Value!));

    /// <summary>A value as JSON; it stands in an attribute, which encodes it.</summary>
    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Plain);
}
