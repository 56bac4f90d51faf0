namespace ExamPlatform.Testing;

/// <summary>Waits for a condition with a deadline, instead of sleeping and hoping.</summary>
public static class Until
{
    public static async Task Async(Func<Task<bool>> condition, TimeSpan? within = null, string what = "the condition holds")
    {
        using var deadline = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(20));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!await condition())
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"Waited in vain until {what}.");
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
