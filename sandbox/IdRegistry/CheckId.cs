using System.Collections.Concurrent;

namespace ExamPlatform.Sandbox.IdRegistry;

public enum IdResult { Match, NameDiffers, NoSuchNumber, CannotCheck }

/// <summary>Whom the national registry knows otherwise than asked: a name of theirs, or null where there is no such number. Of everybody else it says that number and name belong together.</summary>
public sealed class KnownIds
{
    private readonly ConcurrentDictionary<string, string?> told = new(StringComparer.Ordinal);

    public void Tell(string number, string? name) => told[number] = name;

    public IdResult Check(string number, string name) =>
        !told.TryGetValue(number, out var known) ? IdResult.Match : known is null ? IdResult.NoSuchNumber : known == name ? IdResult.Match : IdResult.NameDiffers;
}

/// <summary>Do number and name belong together? It holds resident IDs and residence permits only.</summary>
public static class CheckId
{
    public sealed record Question(string DocumentType, string Number, string Name);

    public sealed record Answer(IdResult Result);

    public static IResult Handle(Question question, KnownIds known)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(known);
        if (question.DocumentType is not ("residentId" or "hkMacaoTaiwanResidencePermit")) return Results.Ok(new Answer(IdResult.CannotCheck));
        return question.Number.Length == 18 && question.Name.Length > 0 ? Results.Ok(new Answer(known.Check(question.Number, question.Name))) : SharedSecretExchange.Refused(400, "bad-question");
    }
}
