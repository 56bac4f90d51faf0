namespace ExamPlatform.Notifications;

/// <summary>Waiting for an answer, answered, or over: closed by the candidate or by staff, or for good when nothing came after the answer.</summary>
public enum QuestionState { Waiting, Answered, Closed }

/// <summary>What a candidate asks the staff of an exam and a place, with what was said since. The words are sealed: people write about themselves.</summary>
public sealed class Question
{
    public const int LongestText = 1000, MostOpen = 10, MostMessages = 50;

    public Guid Id { get; init; }
    public Guid CandidateId { get; init; }
    public required string ProgrammeCode { get; init; }

    /// <summary>Whom it is for: the staff whose jurisdiction covers it.</summary>
    public required string AreaPath { get; init; }
    public QuestionState State { get; private set; }
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset ChangedAt { get; private set; }
    public uint Version { get; init; }
    public List<QuestionMessage> Messages { get; } = [];

    /// <param name="seal">Of a message's words, bound to its id.</param>
    public static Question Ask(Guid candidate, string programme, string areaPath, string text, QuestionSeal seal, DateTimeOffset now)
    {
        var question = new Question { Id = Guid.CreateVersion7(now), CandidateId = candidate, ProgrammeCode = programme, AreaPath = areaPath, AskedAt = now, ChangedAt = now };
        question.Add(candidate, false, text, seal, now);
        return question;
    }

    /// <summary>The candidate says more; it waits for an answer again.</summary>
    public Refusal? FollowUp(string text, QuestionSeal seal, DateTimeOffset now)
    {
        if (Refused() is { } refusal) return refusal;
        Add(CandidateId, false, text, seal, now);
        (State, ChangedAt) = (QuestionState.Waiting, now);
        return null;
    }

    public Refusal? Answer(Guid officer, string text, QuestionSeal seal, DateTimeOffset now)
    {
        if (Refused() is { } refusal) return refusal;
        Add(officer, true, text, seal, now);
        (State, ChangedAt) = (QuestionState.Answered, now);
        return null;
    }

    public Refusal? Close(DateTimeOffset now)
    {
        if (State is QuestionState.Closed) return new("question-closed", "The question is closed; ask a new one.");
        (State, ChangedAt) = (QuestionState.Closed, now);
        return null;
    }

    private Refusal? Refused() => State is QuestionState.Closed ? new("question-closed", "The question is closed; ask a new one.")
        : Messages.Count >= MostMessages ? new("question-too-long", "So much has been said here already: close it and ask anew.") : null;

    private void Add(Guid by, bool staff, string text, QuestionSeal seal, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        Messages.Add(new() { Id = id, QuestionId = Id, Number = Messages.Count + 1, By = by, Staff = staff, At = now, Sealed = seal.Seal(id, text) });
    }
}

public sealed class QuestionMessage
{
    public Guid Id { get; init; }
    public Guid QuestionId { get; init; }

    /// <summary>From 1: two officers who answer at once do not both.</summary>
    public int Number { get; init; }
    public Guid By { get; init; }
    public bool Staff { get; init; }
    public DateTimeOffset At { get; init; }
    public byte[] Sealed { get; init; } = [];
}

/// <summary>Keeps what candidates and staff wrote unreadable in the database, each bound to its id.</summary>
public sealed class QuestionSeal(Seals seals)
{
    public byte[] Seal(Guid id, string text) => seals.Seal(System.Text.Encoding.UTF8.GetBytes(text), Place(id));

    /// <exception cref="InvalidOperationException">It was sealed under another key, for another message, or tampered with.</exception>
    public string Open(QuestionMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return System.Text.Encoding.UTF8.GetString(seals.Open(message.Sealed, Place(message.Id)));
    }

    private static string Place(Guid id) => $"question_messages.sealed/{id:N}";
}
