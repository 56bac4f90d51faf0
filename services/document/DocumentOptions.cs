using System.ComponentModel.DataAnnotations;

namespace ExamPlatform.Documents;

/// <summary>Section <c>Document</c>. Sizes in bytes.</summary>
public sealed class DocumentOptions
{
    public const string Section = "Document";

    /// <summary>The folder that holds the uploads; shared by all replicas.</summary>
    [Required]
    public required string StorePath { get; init; }

    [Range(1, 1L << 30)]
    public long MaxBytes { get; init; } = 20L << 20;

    /// <summary>How many uploads one candidate may keep; rejected and deleted ones do not count.</summary>
    [Range(1, 10_000)]
    public int MaxCountPerCandidate { get; init; } = 60;

    [Range(1, 1L << 40)]
    public long MaxBytesPerCandidate { get; init; } = 400L << 20;

    /// <summary>Width × height a picture may claim: today's largest phone pictures have 200 million.</summary>
    [Range(1, 1L << 40)]
    public long MaxPixels { get; init; } = 210_000_000;

    /// <summary>How many pictures are made photos of at once, each in a process of its own.</summary>
    [Range(1, 64)]
    public int PhotoWorkers { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>How long one picture may take; its worker is killed then.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan PhotoPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Address of clamd, <c>host:port</c>. Empty: uploads are released unscanned, and every one says so.</summary>
    [RegularExpression(@"^([A-Za-z0-9.\-]+|\[[0-9a-fA-F:]+\]):\d{1,5}$", ErrorMessage = "Document:Clamd is host:port.")]
    public string? Clamd { get; init; }

    /// <summary>How long an upload in parts waits for its next one.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan UnfinishedFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many uploads in parts one person may have under way.</summary>
    [Range(1, 1000)]
    public int MaxUnfinished { get; init; } = 20;

    /// <summary>How long a deleted upload can still come back because a submission that holds it was on its way.</summary>
    public TimeSpan PurgeAfter { get; init; } = TimeSpan.FromDays(1);
}
