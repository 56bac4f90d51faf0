using System.Text.Json;

namespace ExamPlatform.Applications;

/// <summary>Somebody objects to a row of a public notice (异议). Who it is and what they say lies sealed; officers alone read it.</summary>
public sealed class Objection
{
    public Guid Id { get; init; }
    public Guid NoticeId { get; init; }
    public PublicNotice Notice { get; init; } = null!;
    public int Row { get; init; }
    public Guid ApplicationId { get; init; }
    public DateTimeOffset At { get; init; }
    public required byte[] Sealed { get; init; }

    /// <summary>Of the form it was sent with, so that a double click objects once; null where none was said.</summary>
    public string? Key { get; init; }
    public ObjectionState State { get; private set; } = ObjectionState.Open;
    public DateTimeOffset? SettledAt { get; private set; }
    public Guid? SettledBy { get; private set; }

    /// <summary>The officer's words: they speak of people, and lie sealed too.</summary>
    public byte[]? SealedAnswer { get; private set; }
    public uint RowVersion { get; init; }

    public Refusal? Settle(bool upheld, byte[] answer, Guid officer, DateTimeOffset now)
    {
        if (State is not ObjectionState.Open) return new("settled-already", $"This objection was {(State is ObjectionState.Upheld ? "upheld" : "dismissed")} at {SettledAt:u}.");
        (State, SealedAnswer, SettledBy, SettledAt) = (upheld ? ObjectionState.Upheld : ObjectionState.Dismissed, answer, officer, now);
        return null;
    }
}

public enum ObjectionState { Open, Upheld, Dismissed }

public sealed partial class Application
{
    /// <summary>
    /// An objection to a public notice was upheld: officers of the stage decide again, with all that they can decide. Only where everything was decided already: before that, officers of
    /// the present stage send it back. A paid fee stays out of it: passed again, it would fall due twice.
    /// </summary>
    public Refusal? Reopen(string stage, Guid officer, ExamProgramme programme, DateTimeOffset now)
    {
        if (Illegal(LifeEvent.Reopen) is { } refusal) return refusal;
        if (FeeId is not null) return new("fee-paid", "A fee was paid for it; it cannot be decided again here.");
        Move(LifeEvent.Reopen, now, officer, stage);
        Open(programme.Stage(stage), programme, now);
        return null;
    }
}

/// <summary>What somebody said, and who they are.</summary>
public sealed record ObjectionContent(string Text, string Name, string Mobile)
{
    public override string ToString() => nameof(ObjectionContent); // a record would print the person
}

/// <summary>What was said and answered lies sealed, bound to the objection and the column.</summary>
public sealed class ObjectionSeal(Seals seals)
{
    public byte[] Seal(Guid id, ObjectionContent content) => seals.Seal(JsonSerializer.SerializeToUtf8Bytes(content), $"objections.sealed/{id:N}");
    public byte[] SealAnswer(Guid id, string words) => seals.SealText(words, $"objections.sealed_answer/{id:N}");
    /// <summary>Empty once the application was cleared.</summary>
    public ObjectionContent Open(Objection objection) => objection.Sealed.Length == 0 ? new("", "", "") : JsonSerializer.Deserialize<ObjectionContent>(seals.Open(objection.Sealed, $"objections.sealed/{objection.Id:N}"))!;
    public string? OpenAnswer(Objection objection) => objection.SealedAnswer is { } answer ? seals.OpenText(answer, $"objections.sealed_answer/{objection.Id:N}") : null;
}
