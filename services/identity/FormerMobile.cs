namespace ExamPlatform.Identities;

/// <summary>A mobile that was a candidate's: who has it in hand hears that it no longer is. Kept for a month.</summary>
public sealed class FormerMobile
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public Guid Id { get; init; }
    public Guid CandidateId { get; init; }
    public byte[] SealedMobile { get; private init; } = [];
    public DateTimeOffset Until { get; init; }

    public static FormerMobile Of(Guid candidate, string mobile, PersonalData data, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(data);
        var id = Guid.CreateVersion7();
        return new() { Id = id, CandidateId = candidate, SealedMobile = data.SealText(mobile, PlaceOf(id)), Until = now };
    }

    public string Mobile(PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.OpenText(SealedMobile, PlaceOf(Id));
    }

    private static string PlaceOf(Guid id) => $"former_mobiles.sealed_mobile/{id:N}";
}
