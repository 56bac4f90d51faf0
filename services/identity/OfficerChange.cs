namespace ExamPlatform.Identities;

public enum OfficerChangeKind
{
    /// <summary>No longer an officer: nothing signs in any more.</summary>
    Dismissed,

    /// <summary>Lost password, app or passkeys: a new first password, and everything else begins anew.</summary>
    AccessReset,
}

/// <summary>What an officer of the level above did to an officer's account, and why. Rows are only added.</summary>
public sealed class OfficerChange
{
    public Guid Id { get; init; }
    public Guid OfficerId { get; init; }
    public Guid By { get; init; }
    public OfficerChangeKind Kind { get; init; }
    public byte[] SealedReason { get; private init; } = [];
    public DateTimeOffset At { get; init; }

    public static OfficerChange Record(OfficerChangeKind kind, Guid officer, Guid by, string reason, PersonalData data, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(data);
        var id = Guid.CreateVersion7();
        return new() { Id = id, OfficerId = officer, By = by, Kind = kind, SealedReason = data.SealText(reason, $"officer_changes.sealed_reason/{id:N}"), At = now };
    }
}
