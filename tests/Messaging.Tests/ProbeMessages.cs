using Microsoft.Extensions.Logging;

namespace ExamPlatform.Messages.Tests;

/// <summary>The <paramref name="Number"/>th thing that happened to an aggregate; nobody consumes it.</summary>
public sealed record Happened(Guid Aggregate, int Number);

/// <summary>Count up. <paramref name="Mode"/>: count, refuse (after counting), fail (until <see cref="CountUp.Mended"/>).</summary>
public sealed record Counted(Guid Counter, string Mode);

public sealed record CountedUp(Guid Counter, int Value);

public sealed class CountUp(ProbeDb db, ILogger<CountUp> log) : Consumer<ProbeDb, Counted>(db, log)
{
    /// <summary>Counters whose fault was mended.</summary>
    public static System.Collections.Concurrent.ConcurrentDictionary<Guid, bool> Mended { get; } = [];

    protected override async Task<Refusal?> Handle(Counted message, CancellationToken cancellationToken)
    {
        var counter = await Db.Counters.FindAsync([message.Counter], cancellationToken) ?? Db.Counters.Add(new() { Id = message.Counter }).Entity;
        counter.Value++;
        Db.Publish(message.Counter, new CountedUp(message.Counter, counter.Value));
        if (message.Mode == "fail" && !Mended.ContainsKey(message.Counter)) throw new InvalidOperationException("It is broken.");
        return message.Mode == "refuse" ? new("no-more", "The counter is full.") : null;
    }
}
