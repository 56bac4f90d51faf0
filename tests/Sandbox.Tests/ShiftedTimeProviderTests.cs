namespace ExamPlatform.Sandbox.Tests;

public sealed class ShiftedTimeProviderTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    [Theory]
    [InlineData("2.00:00:00", 48)]
    [InlineData("-1.06:00:00", -30)]
    [InlineData("", 0)]
    [InlineData("nonsense", 0)]
    public void The_clock_is_moved_by_the_files_content(string content, double hours)
    {
        File.WriteAllText(file, content);

        var now = new ShiftedTimeProvider(file).GetUtcNow();

        Assert.Equal(TimeProvider.System.GetUtcNow().AddHours(hours), now, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_changed_file_moves_the_clock_within_moments()
    {
        var clock = new ShiftedTimeProvider(file);
        var before = clock.GetUtcNow();

        File.WriteAllText(file, "1.00:00:00");

        Assert.True(SpinWait.SpinUntil(() => clock.GetUtcNow() > before.AddHours(23), TimeSpan.FromSeconds(5)));
    }

    public void Dispose() => File.Delete(file);
}
