using System.Globalization;
using System.Net;

namespace ExamPlatform.Sandbox;

/// <summary>Forms as Alipay and UnionPay sign them, and the times they tell.</summary>
internal static class SignedFields
{
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    /// <summary><c>k=v&amp;k=v</c> in the order of the keys, without empty ones and those named.</summary>
    public static string Text(IReadOnlyDictionary<string, string> fields, params string[] without)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in fields)
            if (value.Length > 0 && Array.IndexOf(without, key) < 0) kept.Add(key, value);
        return string.Join('&', kept.Select(pair => pair.Key + "=" + pair.Value));
    }

    /// <summary>The query string's fields and the form's.</summary>
    public static async Task<Dictionary<string, string>> Of(HttpRequest request)
    {
        var fields = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        if (request.HasFormContentType)
            foreach (var (key, value) in await request.ReadFormAsync()) fields[key] = value.ToString();
        return fields;
    }

    public static string Time(DateTimeOffset at, string format) => at.ToOffset(Beijing).ToString(format, CultureInfo.InvariantCulture);

    public static DateTimeOffset? Time(string? text, string format) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? new DateTimeOffset(local, Beijing).ToUniversalTime() : null;

    public static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Beijing).DateTime);

    public static string Yuan(long fen) => (fen / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <returns>Null when it is no amount above nothing in whole fen.</returns>
    public static long? Fen(string? yuan) =>
        decimal.TryParse(yuan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount > 0 && amount * 100 % 1 == 0 ? (long)(amount * 100) : null;

    /// <summary>A page of the bank with a form of one button, or without one.</summary>
    public static IResult Page(string title, string text, string? action = null, string? button = null, IReadOnlyDictionary<string, string>? fields = null, int status = 200)
    {
        var hidden = string.Concat((fields ?? new Dictionary<string, string>()).Select(f => $"""<input type="hidden" name="{WebUtility.HtmlEncode(f.Key)}" value="{WebUtility.HtmlEncode(f.Value)}">"""));
        var form = action is null ? "" : $"""<form method="post" action="{WebUtility.HtmlEncode(action)}">{hidden}<button>{button}</button></form>""";
        return Results.Content($"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head><body><main><h1>{title}</h1><p>{WebUtility.HtmlEncode(text)}</p>{form}</main></body></html>""", "text/html; charset=utf-8", statusCode: status);
    }
}
