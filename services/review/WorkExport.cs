namespace ExamPlatform.Reviews;

/// <summary>A part of the work list was taken out of the platform: by whom, what, and what for (J3). Never changed: the database refuses it.</summary>
public sealed class WorkExport
{
    /// <summary>Characters of the purpose.</summary>
    public const int PurposeLimit = 200;

    public Guid Id { get; init; }
    public Guid OfficerId { get; init; }
    public required string Level { get; init; }
    public required string AreaPath { get; init; }
    public DateTimeOffset At { get; init; }
    public ExportFormat Format { get; init; }
    public required string Purpose { get; init; }

    /// <summary>What narrowed the list, as JSON.</summary>
    public required string Filters { get; init; }
}

public enum ExportFormat { Csv, Xlsx }
