namespace ExamPlatform.Reviews;

/// <summary>
/// How far an application is known here. Each kind of message has its own queue, so a withdrawal can overtake the opening of the stage it ends:
/// what is closed is remembered, and late news about it opens nothing.
/// </summary>
public sealed class KnownApplication
{
    public Guid ApplicationId { get; init; }
    public int LatestVersion { get; private set; }
    public int ClosedThrough { get; private set; }

    /// <summary>The version and stage whose failure the platform last passed on, because the level below did not in time.</summary>
    public int? PassedOverVersion { get; private set; }
    public string? PassedOverStage { get; private set; }

    /// <summary>Counted up by every message, so that two at the same time meet in a row conflict and the second looks again.</summary>
    public int Heard { get; private set; }
    public uint RowVersion { get; private set; }

    /// <summary>A stage of a version opens.</summary>
    /// <param name="revived">The application was given up by a deadline and has come back.</param>
    public Refusal? Open(int version, bool revived)
    {
        if (revived) ClosedThrough = Math.Min(ClosedThrough, version - 1);
        if (version <= ClosedThrough) return new("version-closed", $"Version {version} was withdrawn or abandoned before.");
        if (version < LatestVersion) return new("version-replaced", $"Version {version} was replaced by {LatestVersion} before.");
        LatestVersion = version;
        Heard++;
        return null;
    }

    /// <summary>Nothing up to and including this version will be decided any more.</summary>
    public void Close(int version)
    {
        ClosedThrough = Math.Max(ClosedThrough, version);
        Heard++;
    }

    /// <summary>The failure of this stage waits for nobody's release any more.</summary>
    public void PassOver(int version, string stage)
    {
        (PassedOverVersion, PassedOverStage) = (version, stage);
        Heard++;
    }

    public bool WasPassedOver(int version, string stage) => (version, stage) == (PassedOverVersion, PassedOverStage);
}
