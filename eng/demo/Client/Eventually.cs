namespace ExamPlatform.Demo;

/// <summary>Waits for what messages bring about, with a deadline.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Looks until there is something.</summary>
    /// <param name="what">For the surprise: what is waited for.</param>
    public static async Task<T> Get<T>(string what, Func<Task<T?>> look, TimeSpan? within = null) where T : class
    {
        using var deadline = new CancellationTokenSource(within ?? Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(150));
        while (true)
        {
            if (await look() is { } found) return found;
            if (deadline.IsCancellationRequested) throw new Surprise($"waited in vain for {what}");
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public static Task Holds(string what, Func<Task<bool>> condition, TimeSpan? within = null) => Get(what, async () => await condition() ? what : null, within);
}
