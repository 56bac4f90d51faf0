namespace ExamPlatform.Applications;

/// <summary>A wanted place: a training base and a speciality (志愿).</summary>
public sealed record Preference(string Base, string Speciality);

/// <summary>A place held in a recruiting plan.</summary>
public sealed record Place(string Batch, string Base, string Speciality);

/// <summary>How many places of a plan are taken (招录计划). Counted in one statement, so that two never take the last one.</summary>
public sealed class PlanPlaces
{
    public required string ProgrammeCode { get; init; }
    public required string SessionCode { get; init; }
    public required string Batch { get; init; }
    public required string Base { get; init; }
    public required string Speciality { get; init; }
    public int Quota { get; set; }
    public int Taken { get; private set; }
}
