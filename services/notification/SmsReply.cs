using System.Text.RegularExpressions;

namespace ExamPlatform.Notifications;

/// <summary>
/// What somebody wrote back to an SMS, sealed as it came: whose mobile it is must be asked, and identity may be away for longer than the gateway repeats itself (16 minutes).
/// Once it is known whose it is, the mobile and the words are gone; the sequence id stays, so that a repeat has no effect.
/// </summary>
public sealed partial class SmsReply
{
    private const int LongestWord = 20;

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

    /// <summary>What of the words is told to others: enough to recognise a word that was asked for, and no numbers of people.</summary>
    public static string WordOf(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var half = string.Concat(content.Select(HalfWidth).Where(c => !char.IsControl(c)));
        var word = NumberOfAPerson().Replace(half, "").Trim().ToUpperInvariant();
        return string.Concat(word.EnumerateRunes().Take(LongestWord)).Trim();
    }

    private static char HalfWidth(char c) => c switch { >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0), '\u3000' => ' ', _ => c };

    [GeneratedRegex(@"[0-9]{11,}[Xx]?")]
    private static partial Regex NumberOfAPerson();
}
