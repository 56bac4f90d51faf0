namespace ExamPlatform.Notifications;

/// <summary>Access tokens, one for each application at another platform. WeChat's <c>stable_token</c> gives all processes the same one, identity's among them, so that none makes another's void.</summary>
internal sealed class AccessTokens(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(3);
    private readonly SemaphoreSlim one = new(1);
    private readonly Dictionary<string, (string Token, DateTimeOffset GoodUntil)> kept = [];

    /// <summary>However many ask at once, one fetches.</summary>
    /// <param name="refused">A token that was refused, though its time was not over.</param>
    public async Task<string?> Get(string appId, Func<Task<(string Token, int Seconds)?>> fetch, string? refused, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            if (kept.TryGetValue(appId, out var known) && known.Token != refused && known.GoodUntil > clock.GetUtcNow()) return known.Token;
            kept.Remove(appId);
            if (await fetch() is not var (token, seconds)) return null;
            kept[appId] = (token, clock.GetUtcNow().AddSeconds(seconds) - Ahead);
            return token;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();
}
