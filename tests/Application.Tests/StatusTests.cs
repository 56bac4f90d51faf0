namespace ExamPlatform.Applications.Tests;

/// <summary>What the candidate is told once the time is over.</summary>
public sealed class StatusTests
{
    [Fact]
    public void A_draft_that_was_not_sent_in_while_registration_was_open_leaves_nothing_to_do()
    {
        var draft = Hp.Draft();
        var ends = draft.DeadlineAt!.Value;

        Assert.Equal(("candidate", "fill", ends), On(draft, ends.AddSeconds(-1)));
        Assert.Equal(("nobody", "nothing", null), On(draft, ends));
        Assert.Contains("报名已截止", Status.Of(draft, Hp.Programme, ends).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void After_the_days_of_appeal_nobody_is_told_to_appeal()
    {
        var rejected = Hp.At(Standing.Rejected);
        var ends = rejected.DeadlineAt!.Value;

        Assert.Equal(("candidate", "appeal", ends), On(rejected, ends.AddSeconds(-1)));
        Assert.Equal(("nobody", "nothing", null), On(rejected, ends));
        Assert.DoesNotContain("申诉", Status.Of(rejected, Hp.Programme, ends).Text, StringComparison.Ordinal);
    }

    private static (string, string, DateTimeOffset?) On(Application application, DateTimeOffset now)
    {
        var status = Status.Of(application, Hp.Programme, now);
        return (status.Who, status.Next, status.Until);
    }
}
