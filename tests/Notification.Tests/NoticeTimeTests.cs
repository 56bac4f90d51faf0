using System.Globalization;

namespace ExamPlatform.Notifications.Tests;

/// <summary>When a person may be told something, and when the next step begins.</summary>
public sealed class NoticeTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    private static DateTimeOffset Utc(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [Theory]
    [InlineData("2026-11-22 13:59", null)]
    [InlineData("2026-11-22 14:00", "2026-11-22 23:00")]
    [InlineData("2026-11-22 22:59", "2026-11-22 23:00")]
    [InlineData("2026-11-22 23:00", null)]
    public void Who_has_chosen_nothing_is_left_alone_from_ten_in_the_evening_until_seven_in_Beijing(string now, string? end) =>
        Assert.Equal(end is null ? (DateTimeOffset?)null : Utc(end), new NoticePreference().QuietEnd(Utc(now)));

    [Fact]
    public void Equal_ends_are_no_quiet_hours()
    {
        var preference = new NoticePreference();
        preference.Choose(new(10, 0), new(10, 0), []);

        Assert.All(Enumerable.Range(0, 24), hour => Assert.Null(preference.QuietEnd(Now.AddHours(hour))));
    }

    [Theory]
    [InlineData("2026-11-22 15:59", "2026-11-21 16:00")]
    [InlineData("2026-11-22 16:00", "2026-11-22 16:00")]
    public void A_day_begins_at_midnight_in_Beijing(string now, string began) => Assert.Equal(Utc(began), NoticePreference.DayOf(Utc(now)));

    [Fact]
    public void Digits_that_are_waited_for_and_what_may_be_a_theft_of_the_account_are_urgent_and_nothing_else() => Assert.Equal(
        [NoticeEvent.CounterEntryMade, NoticeEvent.SmsCode, NoticeEvent.PasswordReplaced, NoticeEvent.SignInMeansChanged, NoticeEvent.AccountDeletionAsked], Enum.GetValues<NoticeEvent>().Where(NoticePreference.IsUrgent));

    [Theory]
    [InlineData(null, 120)]
    [InlineData(60, 30)]
    [InlineData(2 * 24 * 60, 120)]
    [InlineData(6, 5)]
    [InlineData(-10, 120)]
    public void A_step_has_two_hours_or_half_of_what_is_left_until_the_deadline_and_five_minutes_at_least(int? dueInMinutes, int minutes)
    {
        var route = new Route();

        route.Begin(1, dueInMinutes is { } left ? Now.AddMinutes(left) : null, Patience, Now);

        Assert.Equal((1, Now.AddMinutes(minutes)), (route.Step, route.GoOnAt));
    }

    [Theory]
    [InlineData(60, 65)]
    [InlineData(-60, 5)]
    public void While_the_person_sleeps_the_next_step_waits_until_five_minutes_after(int untilInMinutes, int minutes)
    {
        var route = new Route();

        route.Wait(Now.AddMinutes(untilInMinutes), Now);

        Assert.Equal(Now.AddMinutes(minutes), route.GoOnAt);
    }

    [Fact]
    public void The_words_of_a_notice_and_when_it_was_read_stay_as_they_were_first()
    {
        var notice = new Notice { Occurrence = "x" };
        notice.Word("标题", "内容");
        notice.Read(Now);

        notice.Word("别的标题", "别的内容");
        notice.Read(Now.AddDays(1));

        Assert.Equal(("标题", "内容", Now), (notice.Title, notice.Text, notice.ReadAt));
    }
}
