namespace ExamPlatform.Sandbox;

/// <summary>Remembers every nonce inside the window in which its request could be replayed.</summary>
public sealed class UsedNonces(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    private readonly Lock gate = new();
    private readonly Dictionary<string, DateTimeOffset> seen = [];
    private readonly Queue<string> order = [];

    /// <summary>False when this channel has seen the nonce before.</summary>
    public bool TryUse(string channel, string nonce)
    {
        var now = clock.GetUtcNow();
        var key = $"{channel}:{nonce}";
        lock (gate)
        {
            while (order.TryPeek(out var oldest) && seen[oldest] < now - Window) seen.Remove(order.Dequeue());
            if (!seen.TryAdd(key, now)) return false;
            order.Enqueue(key);
            return true;
        }
    }
}
