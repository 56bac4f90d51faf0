using System.Text;

namespace ExamPlatform.Reviews;

/// <summary>What an officer decided, on what, and why. Never changed: the database refuses it.</summary>
public sealed class Decision
{
    /// <summary>Characters of an officer's free text.</summary>
    public const int RemarkLimit = 500;

    /// <summary>The reason that says nothing by itself and therefore needs a remark (HP: 'other' with text).</summary>
    public const string OtherReason = "other";

    public Guid Id { get; init; }
    public Guid WorkId { get; init; }
    public Guid ApplicationId { get; init; }
    public required string Stage { get; init; }

    /// <summary>The submission the officer saw.</summary>
    public int Version { get; init; }

    /// <summary>The work's round: the same stage of the same version may be decided again after a sending back.</summary>
    public int Round { get; init; }
    public Guid OfficerId { get; init; }
    public DateTimeOffset At { get; init; }
    public Outcome Outcome { get; init; }
    public required string[] Reasons { get; init; }

    /// <summary>Of decisions from before remarks were sealed; empty in others.</summary>
    public string Remark { get; init; } = "";

    /// <summary>The officer's free text, which can speak of the person: under the application's key, so that it goes from here and from the audit trail when the exam needs it no longer.</summary>
    public byte[]? SealedRemark { get; private set; }

    /// <summary>Before it is saved.</summary>
    public void Say(string remark, byte[] key) => SealedRemark = Seals.Seal(Encoding.UTF8.GetBytes(remark), key, Place);

    /// <param name="keys">Of the applications whose keys are there; what was sealed under another says nothing any more.</param>
    public string Said(IReadOnlyDictionary<Guid, byte[]> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return SealedRemark is null ? Remark : keys.TryGetValue(ApplicationId, out var key) ? Encoding.UTF8.GetString(Seals.Open(SealedRemark, key, Place)) : "";
    }

    private string Place => $"decisions.sealed_remark/{Id:N}";
}

/// <summary><see cref="SendBack"/>: what was decided before has to be decided again (退回重审).</summary>
public enum Outcome { Pass, Fail, SendBack }
