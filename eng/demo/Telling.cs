using System.Diagnostics;

namespace ExamPlatform.Demo;

/// <summary>Tells a life step by step, one line each. The whole life is one trace: its activity is sent on with every request.</summary>
public sealed class Telling : IDisposable
{
    private readonly string programme;
    private readonly TextWriter to;
    private readonly Activity life;
    private readonly Stopwatch clock = Stopwatch.StartNew();

    public Telling(string programme, Uri? dashboard, TextWriter to)
    {
        (this.programme, this.to) = (programme, to);
        life = new Activity($"life of {programme}") { ActivityTraceFlags = ActivityTraceFlags.Recorded };
        life.SetIdFormat(ActivityIdFormat.W3C).Start();
        to.WriteLine($"{programme}    trace {life.TraceId}");
        if (dashboard is not null) to.WriteLine($"{programme}    {dashboard}&returnUrl={Uri.EscapeDataString($"/traces/detail/{life.TraceId}")}");
    }

    public int Steps { get; private set; }

    public void Step(string who, string what) => to.WriteLine($"{programme} {++Steps:00} {clock.Elapsed.TotalSeconds,5:0.0} s  {who,-11} {what}");

    public void Dispose() => life.Dispose();
}
