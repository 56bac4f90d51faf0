namespace ExamPlatform.Identities;

public enum DisabilityState
{
    Found,

    /// <summary>The register has no such certificate, or none that is valid today.</summary>
    NotFound,

    /// <summary>Registered in a city outside the area that asks.</summary>
    OtherArea,

    /// <summary>Somebody else's certificate.</summary>
    OtherPerson,

    /// <summary>A category that is not admitted.</summary>
    OtherCategory,

    /// <summary>The register gave no answer: nothing is known, and it is asked again next time.</summary>
    Unreachable,
}

/// <summary>What a check rests on.</summary>
public enum DisabilitySource { CertificateNumber, DisabilityRegister, ImportedRegister }

/// <summary>That a certificate was checked, and what came of it. Rows are only added. Neither the certificate nor what kind of disability it names is kept: the state is all that is needed later.</summary>
public sealed class DisabilityCheck
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid CandidateId { get; init; }

    /// <summary>Keyed hash: tells whether two checks were about one certificate.</summary>
    public byte[] CertificateHash { get; init; } = [];

    /// <summary>Where the application is handled.</summary>
    public required string AreaPath { get; init; }

    public DisabilityState State { get; private init; }
    public DisabilitySource Source { get; private init; }
    public DateTimeOffset At { get; init; }

    /// <summary>The rule of acceptance (受理, seed 000 六.1.1): this person's, valid, of a city of the area, of an admitted category.</summary>
    /// <param name="source">What the answer rests on.</param>
    /// <param name="answer">Null when there was nothing to ask: the number is no certificate's, or another person's.</param>
    public static DisabilityCheck Of(Candidate candidate, IdentityFacts identity, string certificate, string areaPath, IReadOnlyCollection<int> accepted, RegisterAnswer? answer, DisabilitySource source, PersonalData data, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(data);
        return new()
        {
            CandidateId = candidate.Id,
            CertificateHash = ImportedCertificate.HashOf(certificate, data),
            AreaPath = areaPath,
            State = StateOf(identity, certificate, areaPath, accepted, answer, DateOnly.FromDateTime(now.UtcDateTime.AddHours(8))),
            Source = source,
            At = now,
        };
    }

    private static DisabilityState StateOf(IdentityFacts identity, string certificate, string areaPath, IReadOnlyCollection<int> accepted, RegisterAnswer? answer, DateOnly today)
    {
        if (!DisabilityCertificate.IsRight(certificate)) return DisabilityState.NotFound;
        if (!DisabilityCertificate.IsOf(identity.DocumentNumber, certificate)) return DisabilityState.OtherPerson;
        if (answer is not { Reached: true }) return DisabilityState.Unreachable;
        if (answer.Entry is not { } entry) return DisabilityState.NotFound;
        if (PersonName.Key(entry.Name) != PersonName.Key(identity.Name)) return DisabilityState.OtherPerson;
        if (entry.ValidUntil < today) return DisabilityState.NotFound;
        if (!LiesIn(entry.AreaCode, areaPath)) return DisabilityState.OtherArea;
        return accepted.Contains(entry.Category) ? DisabilityState.Found : DisabilityState.OtherCategory;
    }

    /// <summary>A path that ends at its province covers all of that province's cities.</summary>
    private static bool LiesIn(string city, string areaPath) => areaPath.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        [var province] => city[..2] == province[..2],
        var codes => codes.Contains(city),
    };
}
