using System.Collections.Immutable;
using System.Globalization;
using System.Resources;

namespace ExamPlatform.Documents;

/// <summary>Of which upload, and for which application, a photo was made; what was seen on it, and whether the candidate confirmed it for this application (E5).</summary>
public sealed class MadePhoto
{
    public Guid DocumentId { get; init; }
    public Guid MadeFrom { get; init; }
    public Guid ApplicationId { get; init; }

    /// <summary>What was kept of the upload, and how often it was turned by a quarter: where the next change starts from.</summary>
    public required IReadOnlyList<double> Cut { get; init; }
    public int Turn { get; init; }

    /// <summary>Codes of <see cref="PhotoFinding"/>.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>The candidate says that it cannot be better because of their sight: a person decides, and nothing is refused here.</summary>
    public bool BecauseOfSight { get; private set; }
    public DateTimeOffset? ConfirmedAt { get; private set; }

    internal static MadePhoto Of(Guid document, Guid from, Guid application, Photos.PhotoAnswer made, int turn, bool becauseOfSight) => new()
    {
        DocumentId = document,
        MadeFrom = from,
        ApplicationId = application,
        Cut = made.Cut is { } cut ? [cut.Left, cut.Top, cut.Width, cut.Height] : [0, 0, 1, 1],
        Turn = turn,
        Findings = made.Findings ?? [],
        BecauseOfSight = becauseOfSight,
    };

    internal Refusal? Confirm(Guid application, bool becauseOfSight, DateTimeOffset now)
    {
        if (ApplicationId != application) return new("made-for-another", "This photo was made by the rule of another application; make one for this.");
        if (ConfirmedAt is not null) return null;
        BecauseOfSight |= becauseOfSight;
        var stops = Findings.Select(PhotoFinding.Of).Where(f => f.Severity == PhotoFinding.Stop).ToList();
        if (stops.Count > 0 && !BecauseOfSight)
            return new("photo-unfit", string.Join(' ', stops.Select(f => f.What + f.WhatToDo)));
        ConfirmedAt = now;
        return null;
    }
}

/// <summary>Something that was seen on a made photo, in words.</summary>
/// <param name="Severity"><c>stop</c>: it cannot be confirmed, unless it is because of the candidate's sight; <c>advise</c>: it is better mended.</param>
public sealed record PhotoFinding(string Code, string Severity, string What, string WhatToDo)
{
    public const string Stop = "stop", Advise = "advise";

    // none of them looks at the eyes
    private static readonly ImmutableHashSet<string> Stops = ["ground-not-white", "ground-not-blue", "ground-uneven", "too-small", "blurred", "no-head", "too-many-bytes", "too-few-bytes"];
    private static readonly ResourceManager Words = new("ExamPlatform.Documents.PhotoWords", typeof(PhotoFinding).Assembly);

    public static PhotoFinding Of(string code) => new(code, Stops.Contains(code) ? Stop : Advise, Word(code), Word($"{code}-do"));

    private static string Word(string name) => Words.GetString(name, CultureInfo.InvariantCulture) ?? throw new InvalidOperationException($"PhotoWords.resx has no '{name}'.");
}
