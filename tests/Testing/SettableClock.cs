namespace ExamPlatform.Testing;

/// <summary>A clock that a test sets. Timers keep real time: a job that looks every second still looks.</summary>
public sealed class SettableClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;

    public void Advance(TimeSpan by) => Now += by;
}
