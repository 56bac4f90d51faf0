using System.Globalization;

namespace ExamPlatform.Payments.Channels;

/// <summary>Banks write and read times of Beijing without saying so.</summary>
internal static class BeijingTime
{
    public const string Spoken = "yyyy-MM-dd HH:mm:ss", Compact = "yyyyMMddHHmmss";
    private static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    public static string Write(DateTimeOffset at, string format) => at.ToOffset(Offset).ToString(format, CultureInfo.InvariantCulture);

    /// <returns>UTC; null when the text is no such time.</returns>
    public static DateTimeOffset? Read(string? text, string format) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? new DateTimeOffset(local, Offset).ToUniversalTime() : null;

    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Offset).DateTime);
}
