namespace ExamPlatform.Applications;

// Papers that come by post, and what officers said of them.
public sealed partial class Application
{
    /// <summary>What officers said last of the papers that come by post, by their code.</summary>
    public IReadOnlyDictionary<string, PaperTick> PaperTicks { get; private set; } = new Dictionary<string, PaperTick>();

    /// <summary>When a paper arrived by post; null while it has not.</summary>
    public DateTimeOffset? Arrived(string paper) => PaperTicks.TryGetValue(paper, out var tick) && tick.Arrived ? tick.At : null;

    /// <summary>The officers' last word on a paper counts, in whichever order their words come.</summary>
    public void TickPaper(string paper, PaperTick tick)
    {
        if (!PaperTicks.TryGetValue(paper, out var known) || known.At < tick.At) PaperTicks = new Dictionary<string, PaperTick>(PaperTicks) { [paper] = tick };
    }
}

/// <summary>An officer has ticked a paper off as arrived, or has taken the tick back, at that time.</summary>
public sealed record PaperTick(bool Arrived, DateTimeOffset At);
