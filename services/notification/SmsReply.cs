using System.Text.RegularExpressions;

namespace ExamPlatform.Notifications;

/// <summary>
/// What somebody wrote back to an SMS, sealed as it came: whose mobile it is must be asked, and identity may be away for longer than the gateway repeats itself (16 minutes).
/// Once it is known whose it is, the mobile and the words are gone; the sequence id stays, so that a repeat has no effect.
/// </summary>
public sealed partial class SmsReply
{
    public Guid Id { get; init; }

    /// <summary>The gateway's own number of the reply.</summary>
    public required string SequenceId { get; init; }
    public DateTimeOffset SentAt { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Mobile and words; null once taken.</summary>
    public byte[]? Sealed { get; private set; }
    public DateTimeOffset? TakenAt { get; private set; }

    /// <summary>How many people have the mobile; null until it was asked.</summary>
    public int? Candidates { get; private set; }
    public int Attempts { get; private set; }
    public DateTimeOffset NextAttemptAt { get; private set; }

    /// <summary>The trace of the push that brought it.</summary>
    public string? TraceParent { get; init; }
    public uint Version { get; init; }

    public void Take(int candidates, DateTimeOffset now) => (TakenAt, Candidates, Sealed) = (now, candidates, null);

    /// <summary>Nobody could be asked now.</summary>
    public void Postpone(DateTimeOffset now)
    {
        Attempts++;
        NextAttemptAt = now + TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, Math.Min(Attempts, 6))));
    }

    /// <summary>What of the words is told to others: the digits that can be what was asked for. Whatever else people write, their names and numbers among it, stays here; empty when there is nothing else.</summary>
    public static string WordOf(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return Asked().Match(string.Concat(content.Where(c => !char.IsControl(c)).Select(HalfWidth))).Value;
    }

    private static char HalfWidth(char c) => c switch { >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0), '\u3000' => ' ', _ => c };

    [GeneratedRegex("(?<![0-9A-Za-z])[0-9]{4,6}(?![0-9A-Za-z])")]
    private static partial Regex Asked();
}
