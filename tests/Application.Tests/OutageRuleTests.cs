namespace ExamPlatform.Applications.Tests;

/// <summary>By how much an outage extends a window, without any database. Hours count from the window's end.</summary>
public sealed class OutageRuleTests
{
    private static readonly DateTimeOffset From = new(2026, 11, 1, 1, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2027, 1, 15, 9, 0, 0, TimeSpan.Zero);
    private static readonly OutageRule Rule = new(24, 10, [WindowKind.Registration], "test");

    [Theory]
    [InlineData("before the last hours", 0, "-30 -25")]
    [InlineData("after the end", 0, "0 5")]
    [InlineData("under the least", 0, "-1 -0.9")]
    [InlineData("the least", 0.25, "-1 -0.75")]
    [InlineData("inside", 2, "-5 -3")]
    [InlineData("only what lies in the last hours counts", 1, "-30 -23")]
    [InlineData("across the end: what was lost comes after the outage", 4, "-1 3")]
    [InlineData("little of it before the end", 0, "-0.1 3")]
    [InlineData("all of the last hours and more", 26, "-40 2")]
    [InlineData("two outages", 3, "-10 -9 -5 -3")]
    [InlineData("two short ones", 0, "-10 -9.9 -5 -4.9")]
    [InlineData("the extension is hit too", 3.5, "-2 0 0.5 2")]
    [InlineData("the extension is hit, and the outage lasts beyond it", 6, "-2 0 1 5")]
    [InlineData("after the extension", 2, "-2 0 2 5")]
    public void A_window_ends_later_by_what_was_lost_of_its_last_hours(string what, double hours, string outages)
    {
        var (end, why) = Outages.Extended(From, End, Rule, outages.Split(' ').Select(o => double.Parse(o, System.Globalization.CultureInfo.InvariantCulture)).Chunk(2).Select(o => At(o[0], o[1])));

        Assert.Equal((End.AddHours(hours), what), (end, what));
        Assert.Equal((hours > 0, what), (why.Count > 0, what));
    }

    [Fact]
    public void Before_a_window_opened_nothing_was_lost_of_it() =>
        Assert.Equal(End.AddHours(1), Outages.Extended(End.AddHours(-2), End, Rule, [At(-5, -1)]).End);

    [Fact]
    public void It_ends_at_a_whole_minute_never_earlier_than_what_was_lost() =>
        Assert.Equal(End.AddMinutes(61), Outages.Extended(From, End, Rule, [new() { From = End.AddHours(-3), Until = End.AddHours(-2).AddSeconds(1) }]).End);

    [Fact]
    public void Only_the_windows_that_the_rule_names_are_extended_an_areas_own_too_and_batches_where_it_says_so()
    {
        var session = Hp.Programme.Sessions[0] with { Areas = [new("110000", "on-line", [new(WindowKind.Registration, From, End.AddHours(-1))])], Batches = [new("1", "第一批", From, End)] };
        var programme = Hp.Programme with { Sessions = [session] };

        var (extended, batches) = (programme.ExtendedBy([At(-3, -2)], Rule).Sessions[0], programme.ExtendedBy([At(-3, -2)], Rule with { Batches = true }).Sessions[0].Batches![0]);

        Assert.Equal((End.AddHours(1), End), (extended.Window(null, WindowKind.Registration).Until, extended.Window(null, WindowKind.Registration).Extension!.Scheduled));
        Assert.Equal(End, extended.Window("110000", WindowKind.Registration).Until);
        Assert.Equal(session.Window(null, WindowKind.Confirmation), extended.Window(null, WindowKind.Confirmation));
        Assert.Equal((End, End.AddHours(1)), (extended.Batches![0].Until, batches.Until));
    }

    [Fact]
    public void Without_a_rule_nothing_is_extended() => Assert.Same(Hp.Programme, Hp.Programme.ExtendedBy([At(-3, -2)], null));

    private static Outage At(double from, double until) => new() { From = End.AddHours(from), Until = End.AddHours(until) };
}
