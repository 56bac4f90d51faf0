using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities;

public enum IdentityCheckState
{
    /// <summary>Not asked yet.</summary>
    Pending,
    Passed,

    /// <summary>The registry knows the number under another name, or not at all.</summary>
    Failed,

    /// <summary>Asked, and no answer came: nothing is known, and it is asked again for ever.</summary>
    Unreachable,

    /// <summary>Nobody can be asked about a document of this type: officers look at it.</summary>
    NotCheckable,
}

/// <summary>What a state rests on.</summary>
public enum IdentityCheckSource { DocumentType, NationalRegistry }

/// <summary>
/// That a person's document and name are compared with the national registry, and what came of it (B9). A correction of the identity adds another row: the newest counts. Who the person is, is not kept here.
/// </summary>
public sealed class IdentityCheck
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1), LongestPause = TimeSpan.FromHours(1);

    public Guid Id { get; private init; }
    public Guid CandidateId { get; private init; }
    public IdentityCheckState State { get; private set; }
    public IdentityCheckSource Source { get; private init; }

    /// <summary>What the registry said; null while it has said nothing.</summary>
    public IdAnswer? Answer { get; private set; }

    /// <summary>From when the check was wanted.</summary>
    public DateTimeOffset WantedAt { get; private init; }

    /// <summary>When the state became what it is.</summary>
    public DateTimeOffset At { get; private set; }

    public int Tries { get; private set; }

    /// <summary>When it is asked again; null when there is nothing more to ask.</summary>
    public DateTimeOffset? NextAt { get; private set; }

    /// <summary>Written with what is to be checked, in one transaction.</summary>
    public static IdentityCheck Want(Guid candidateId, DocumentType type, DateTimeOffset now)
    {
        // numbers that the registry cannot know are not told to it
        var known = type is DocumentType.ResidentId or DocumentType.HkMacaoTaiwanResidencePermit or DocumentType.ForeignPermanentResidentCard;
        return new()
        {
            Id = Guid.CreateVersion7(),
            CandidateId = candidateId,
            State = known ? IdentityCheckState.Pending : IdentityCheckState.NotCheckable,
            Source = known ? IdentityCheckSource.NationalRegistry : IdentityCheckSource.DocumentType,
            WantedAt = now,
            At = now,
            NextAt = known ? now : null,
        };
    }

    /// <param name="answer">Null where there was none.</param>
    public void Take(IdAnswer? answer, DateTimeOffset now)
    {
        if (NextAt is null) throw new InvalidOperationException("This check has been answered.");
        (Answer, At, Tries) = (answer, now, Tries + 1);
        State = answer switch
        {
            null => IdentityCheckState.Unreachable,
            IdAnswer.Match => IdentityCheckState.Passed,
            IdAnswer.CannotCheck => IdentityCheckState.NotCheckable,
            _ => IdentityCheckState.Failed,
        };
        NextAt = answer is null ? now + Pause(Tries) : null;
    }

    /// <summary>Twice as long each time, up to an hour.</summary>
    private static TimeSpan Pause(int tries) => FirstPause * Math.Min(1 << Math.Min(tries - 1, 10), LongestPause / FirstPause);

    /// <summary>The check that counts.</summary>
    public static IQueryable<IdentityCheck> Of(IdentityDb db, Guid candidateId)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.IdentityChecks.AsNoTracking().Where(c => c.CandidateId == candidateId).OrderByDescending(c => c.WantedAt).ThenByDescending(c => c.Id).Take(1);
    }

    /// <summary>The state in the words of the contracts.</summary>
    public string StateName => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(State.ToString());
}
