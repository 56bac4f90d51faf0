using System.Text.Json;

namespace ExamPlatform.Payments;

/// <summary>What became of a callback.</summary>
public enum Verdict
{
    /// <summary>Stored, not judged yet.</summary>
    Received,

    /// <summary>Believed and taken in effect.</summary>
    Accepted,

    /// <summary>Believed, and known before: by the same event or by asking the bank.</summary>
    Repeated,

    /// <summary>Believed, but of a kind that changes nothing here.</summary>
    Ignored,

    /// <summary>The bank's own test of our signature check: refused without alarm.</summary>
    Probe,

    /// <summary>Not signed by the bank, or not now.</summary>
    Forged,

    /// <summary>Signed, but it cannot be opened or understood.</summary>
    Unreadable,

    /// <summary>Signed, but its facts are not ours: merchant, app, amount, currency or order.</summary>
    WrongFacts,
}

/// <summary>A callback as it came in, stored before anything else is done with it.</summary>
public sealed class BankCallback
{
    public required Guid Id { get; init; }

    /// <summary>The bank's name in the address.</summary>
    public required string Channel { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>JSON object, names in lower case.</summary>
    public required string Headers { get; init; }

    /// <summary>Byte for byte.</summary>
    public required byte[] Body { get; init; }
    public Verdict Verdict { get; private set; } = Verdict.Received;
    public string? Reason { get; private set; }
    public string? EventId { get; private set; }
    public Guid? OrderId { get; private set; }
    public DateTimeOffset? JudgedAt { get; private set; }

    /// <summary>Whether somebody should look: a wrong callback is an attack or a mistake at one of both ends.</summary>
    public static bool IsAlarming(Verdict verdict) => verdict is Verdict.Forged or Verdict.Unreadable or Verdict.WrongFacts;

    public IReadOnlyDictionary<string, string> ReadHeaders() => JsonSerializer.Deserialize<Dictionary<string, string>>(Headers)!;

    /// <summary>A verdict is final.</summary>
    public void Judge(Verdict verdict, string? reason, string? eventId, Guid? orderId, DateTimeOffset now)
    {
        if (Verdict != Verdict.Received) throw new InvalidOperationException($"Callback {Id} was judged {Verdict} before.");
        (Verdict, Reason, EventId, OrderId, JudgedAt) = (verdict, reason, eventId, orderId, now);
    }
}
