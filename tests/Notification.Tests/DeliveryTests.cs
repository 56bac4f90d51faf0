namespace ExamPlatform.Notifications.Tests;

public sealed class DeliveryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    private static Delivery A(DeliveryState state)
    {
        var delivery = new Delivery { Id = Guid.NewGuid(), Channel = DeliveryChannel.Sms };
        if (state is not DeliveryState.Waiting) delivery.Start(Now);
        if (state is DeliveryState.Delivered) delivery.Deliver("1", Now);
        if (state is DeliveryState.Failed) delivery.Fail("x", Now);
        if (state is DeliveryState.Withheld) delivery.Withhold(Now);
        if (state is DeliveryState.Skipped) delivery.Skip("not-bound", Now);
        return delivery;
    }

    public static TheoryData<DeliveryState, string, DeliveryState> Verbs
    {
        get
        {
            var data = new TheoryData<DeliveryState, string, DeliveryState>();
            foreach (var from in Enum.GetValues<DeliveryState>())
                foreach (var (verb, to) in new[] { ("start", DeliveryState.Sending), ("deliver", DeliveryState.Delivered), ("postpone", DeliveryState.Waiting), ("fail", DeliveryState.Failed), ("withhold", DeliveryState.Withheld), ("skip", DeliveryState.Skipped), ("rest", DeliveryState.Waiting) })
                    data.Add(from, verb, to);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_delivery_goes_only_the_ways_of_the_table(DeliveryState from, string verb, DeliveryState to)
    {
        var delivery = A(from);
        var steps = delivery.History.Count;

        var refusal = verb switch { "start" => delivery.Start(Now), "deliver" => delivery.Deliver("1", Now), "postpone" => delivery.Postpone("x", 9, Now), "withhold" => delivery.Withhold(Now), "skip" => delivery.Skip("x", Now), "rest" => delivery.Rest("quiet", Now, Now), _ => delivery.Fail("x", Now) };

        var legal = Delivery.Transitions.Contains((from, to));
        Assert.Equal(legal ? null : "delivery-state", refusal?.Code);
        Assert.Equal(legal ? to : from, delivery.State);
        Assert.Equal(steps + (legal ? 1 : 0), delivery.History.Count);
    }

    [Fact]
    public void What_has_ended_stays_so_except_that_a_handset_may_not_take_what_the_channel_took() =>
        Assert.Equal([(DeliveryState.Delivered, DeliveryState.Failed)], Delivery.Transitions.Where(t => t.From is DeliveryState.Delivered or DeliveryState.Failed or DeliveryState.Withheld or DeliveryState.Skipped));

    [Fact]
    public void Resting_for_the_person_is_no_attempt()
    {
        var delivery = A(DeliveryState.Sending);

        delivery.Rest("quiet", Now.AddHours(8), Now);

        Assert.Equal((0, Now.AddHours(8)), (delivery.Attempts, delivery.NextAttemptAt));
    }

    [Theory]
    [InlineData(DeliveryState.Waiting)]
    [InlineData(DeliveryState.Delivered)]
    [InlineData(DeliveryState.Failed)]
    public void Only_what_is_being_sent_can_be_in_doubt(DeliveryState from) => Assert.Equal("delivery-state", A(from).Doubt("x", Now)?.Code);

    [Fact]
    public void Refusals_wait_twice_as_long_each_time_up_to_an_hour_and_end_in_failure()
    {
        var delivery = A(DeliveryState.Waiting);
        var waits = new List<double>();

        while (delivery.State is DeliveryState.Waiting)
        {
            delivery.Start(Now);
            delivery.Postpone("isv.BUSINESS_LIMIT_CONTROL", 13, Now);
            if (delivery.State is DeliveryState.Waiting) waits.Add((delivery.NextAttemptAt - Now).TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048], waits);
        Assert.Equal((DeliveryState.Failed, "isv.BUSINESS_LIMIT_CONTROL"), (delivery.State, delivery.LastCode));
    }

    [Fact]
    public void A_doubt_is_asked_about_after_as_long_again_and_given_up_after_half_a_day()
    {
        var delivery = A(DeliveryState.Sending);
        var (now, waits) = (Now.AddSeconds(5), new List<double>());

        for (; delivery.State is DeliveryState.Sending; now = delivery.NextAttemptAt)
        {
            delivery.Start(now);
            delivery.Doubt("no-answer", now);
            if (delivery.State is DeliveryState.Sending) waits.Add((delivery.NextAttemptAt - now).TotalSeconds);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560], waits.Take(10));
        Assert.All(waits.Skip(10), wait => Assert.Equal(3600, wait));
        Assert.Equal((DeliveryState.Failed, "no-answer"), (delivery.State, delivery.LastCode));
        Assert.InRange(delivery.NextAttemptAt - Now, Delivery.LongestDoubt, Delivery.LongestDoubt + TimeSpan.FromHours(1.1));
    }

    [Fact]
    public void Asking_is_no_attempt_and_what_never_went_out_is_sent_again_soon()
    {
        var delivery = A(DeliveryState.Sending);
        foreach (var after in (int[])[5, 10, 20, 40])
        {
            delivery.Doubt("no-answer", Now.AddSeconds(after));
            delivery.Start(Now.AddSeconds(2 * after));
        }

        delivery.Postpone("not-arrived", 20, Now.AddSeconds(80));

        Assert.Equal((1, Now.AddSeconds(81)), (delivery.Attempts, delivery.NextAttemptAt));
    }

    [Fact]
    public void An_attempt_has_a_minute_before_it_is_in_doubt_and_bears_no_fault_once_it_has_arrived()
    {
        var delivery = A(DeliveryState.Sending);
        Assert.Equal(Now.AddMinutes(1), delivery.NextAttemptAt);
        delivery.Doubt("no-answer", Now);

        delivery.Deliver("1", Now);

        Assert.Null(delivery.LastCode);
    }

    [Fact]
    public void Asking_about_a_doubtful_attempt_keeps_the_time_it_was_sent()
    {
        var delivery = A(DeliveryState.Sending);

        delivery.Start(Now.AddDays(1));

        Assert.Equal(Now, delivery.SentAt);
    }
}
