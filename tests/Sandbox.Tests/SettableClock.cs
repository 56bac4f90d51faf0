namespace ExamPlatform.Sandbox.Tests;

/// <summary>The system clock, moved by a test. Timers keep their pace.</summary>
public sealed class SettableClock : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
