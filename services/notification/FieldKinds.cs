using System.Text.RegularExpressions;

namespace ExamPlatform.Notifications;

/// <summary>
/// What WeChat takes in the fields of template and subscribe messages: a field's name is its kind and a number (<c>thing1</c>). From the official table of the parameters of subscribe messages;
/// what does not keep to it is refused with 47003. Lengths are counted in UTF-16 units, as the table's examples are.
/// </summary>
public static partial class FieldKinds
{
    private const int Thing = 20, Text = 32, Phrase = 5, Name = 10;

    /// <returns>What is wrong; null where nothing is.</returns>
    public static string? Fault(string field, string value)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(value);
        var kind = KindOf(field);
        if (Limit(kind) is not { } limit) return "is of a kind that WeChat does not have";
        if (value.Length > limit) return $"has {value.Length} characters, {kind} takes {limit}";
        return (kind switch
        {
            "number" => Number(),
            "letter" => Letters(),
            "character_string" => Plain(),
            "time" => Time(),
            "date" => Date(),
            "amount" => Amount(),
            "phrase" => Chinese(),
            _ => Something(),
        }).IsMatch(value) ? null : $"has not the form of {kind}";
    }

    /// <summary>Shortened to what the kind takes; what is longer ends in an ellipsis.</summary>
    public static string Fit(string field, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Limit(KindOf(field)) is not { } limit || value.Length <= limit) return value;
        var end = char.IsHighSurrogate(value[limit - 2]) ? limit - 2 : limit - 1; // half a character is none
        return value[..end] + "…";
    }

    public static string KindOf(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
    }

    private static int? Limit(string kind) => kind switch
    {
        "thing" or "const" => Thing,
        "number" or "letter" or "character_string" => Text,
        "phrase" => Phrase,
        "name" => Name,
        "time" or "date" => Text,
        "amount" => 14,
        _ => null,
    };

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[A-Za-z]+\z")]
    private static partial Regex Letters();

    [GeneratedRegex(@"^[!-~ ]+\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日 )?[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?\z")]
    private static partial Regex Time();

    [GeneratedRegex(@"^[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日( [0-9]{1,2}:[0-9]{2})?\z")]
    private static partial Regex Date();

    [GeneratedRegex(@"^[¥￥]?[0-9]{1,10}(\.[0-9]{1,2})?元?\z")]
    private static partial Regex Amount();

    [GeneratedRegex(@"^\p{IsCJKUnifiedIdeographs}+\z")]
    private static partial Regex Chinese();

    [GeneratedRegex(@"\S")]
    private static partial Regex Something();
}
