using System.Globalization;

namespace ExamPlatform;

/// <summary>
/// The platform's clock. In Development a file named by <c>EXAM_CLOCK_FILE</c> shifts it for every service at once
/// (content: a <see cref="TimeSpan"/>, <c>[-]d.hh:mm:ss</c>), so that windows and deadlines can be played through.
/// The file is looked at four times a second at most; an unreadable one keeps the last shift.
/// </summary>
public sealed class PlatformClock(string? file) : TimeProvider
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private readonly Lock gate = new();
    private DateTimeOffset lookedAt = DateTimeOffset.MinValue;
    private TimeSpan shift;

    public override DateTimeOffset GetUtcNow()
    {
        var real = base.GetUtcNow();
        return file is null ? real : real + Shift(real);
    }

    private TimeSpan Shift(DateTimeOffset real)
    {
        lock (gate)
        {
            if (real - lookedAt < LookEvery) return shift;
            lookedAt = real;
            if (File.Exists(file) && TimeSpan.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var read)) shift = read;
            return shift;
        }
    }
}
