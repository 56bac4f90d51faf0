using System.Globalization;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Components;

/// <summary>Times as people in China read them: Beijing's, with the weekday.</summary>
public static class Moments
{
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    public static string Say(DateTimeOffset moment)
    {
        var there = moment.ToOffset(Beijing);
        return string.Format(CultureInfo.InvariantCulture, Site.Moment, there.Year, there.Month, there.Day, Site.ResourceManager.GetString($"weekday-{(int)there.DayOfWeek}", CultureInfo.InvariantCulture), there.ToString("HH:mm", CultureInfo.InvariantCulture));
    }

    public static string Say(string? moment) => DateTimeOffset.TryParse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read) ? Say(read) : "";

    /// <summary>How long there is left, in the two largest units; near the end in minutes.</summary>
    public static string Left(TimeSpan left) => left <= TimeSpan.Zero ? Site.LeftNothing
        : left.TotalDays >= 1 ? string.Format(CultureInfo.InvariantCulture, Site.LeftDays, (int)left.TotalDays, left.Hours)
        : left.TotalHours >= 1 ? string.Format(CultureInfo.InvariantCulture, Site.LeftHours, (int)left.TotalHours, left.Minutes)
        : string.Format(CultureInfo.InvariantCulture, Site.LeftMinutes, Math.Max(1, (int)left.TotalMinutes));
}
