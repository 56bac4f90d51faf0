namespace ExamPlatform.Payments;

/// <summary>
/// A practice application, and all that stays of it: whether it was thrown away, so that news of it that comes late brings nothing back. Each such message counts
/// <see cref="Heard"/> up, so that two at the same time meet in a row conflict and the second looks again.
/// </summary>
public sealed class KnownTrial
{
    public Guid ApplicationId { get; init; }
    public bool Discarded { get; set; }
    public int Heard { get; set; }
    public uint RowVersion { get; private set; }
}

internal static class KnownTrials
{
    public static readonly Refusal Discarded = new("trial-discarded", "This practice was thrown away before.");

    public static async Task<KnownTrial> Trial(this PaymentDb db, Guid application, CancellationToken ct)
    {
        var known = await db.KnownTrials.FindAsync([application], ct) ?? db.KnownTrials.Add(new() { ApplicationId = application }).Entity;
        known.Heard++;
        return known;
    }
}
