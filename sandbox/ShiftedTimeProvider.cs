using System.Globalization;

namespace ExamPlatform.Sandbox;

/// <summary>
/// The system clock moved by the TimeSpan (<c>[-]d.hh:mm:ss</c>) written in a file, so that the whole development platform can be
/// played through its windows together. Without a file it is the system clock. Timers keep their real pace.
/// </summary>
public sealed class ShiftedTimeProvider(string? file) : TimeProvider
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private long readAt = long.MinValue;
    private TimeSpan shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift();

    private TimeSpan Shift()
    {
        if (string.IsNullOrEmpty(file)) return TimeSpan.Zero;
        lock (gate)
        {
            if (readAt != long.MinValue && System.GetElapsedTime(readAt) < Freshness) return shift;
            readAt = System.GetTimestamp();
            // A half-written or missing file keeps the last shift: a clock must not jump because a reader came too early.
            if (File.Exists(file) && TimeSpan.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var read)) shift = read;
            return shift;
        }
    }
}
