namespace ExamPlatform.Notifications;

/// <summary>What a candidate is told about. Each has its template in <c>templates/</c>.</summary>
public enum NoticeEvent
{
    Welcome,
    Submitted,
    StagePassed,
    ReturnedForCorrection,
    Rejected,
    Withdrawn,
    Abandoned,
    ConfirmationMissed,
    CorrectionMissed,
    PaymentMissed,
    FeeDue,
    PaymentReceived,
    Registered,
    SubmitSoon,
    CorrectSoon,
    ConfirmSoon,
    PaySoon,
    AppealSoon,
    CounterEntryMade,
    WindowExtended,
    CounterEntryVoid,

    /// <summary>Digits on the way to a mobile, of somebody who may have no account yet: there is no inbox for them, and they are kept nowhere.</summary>
    SmsCode,
    PasswordReplaced,
    IdentityCorrected,
    SignInMeansChanged,
    AccountDeletionAsked,
    IdentityCheckFailed,
    QuestionAnswered,
    Refunded,

    /// <summary>What an officer wrote to many at once (<see cref="BulkSend"/>): the inbox has the words, the other channels lead there.</summary>
    OfficeMessage,
}

/// <summary>One thing a candidate is told, once, on one or more channels. It holds ids and facts of the event; its words come when it is first delivered.</summary>
public sealed class Notice
{
    public Guid Id { get; init; }

    /// <summary>Counts up over all notices: the order of the inbox and its cursor.</summary>
    public long Position { get; init; }

    /// <summary>Whose inbox it lies in; empty for <see cref="NoticeEvent.SmsCode"/>.</summary>
    public Guid CandidateId { get; init; }
    public NoticeEvent Event { get; init; }

    /// <summary>What makes the event one: the same occurrence told again, under whatever message id, is the same notice.</summary>
    public required string Occurrence { get; init; }
    public Guid? ApplicationId { get; init; }
    public string? Stage { get; init; }
    public List<string> Reasons { get; init; } = [];
    public int? Submission { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public long? AmountInFen { get; init; }

    /// <summary>The bulk send that it is one person's part of.</summary>
    public Guid? BulkSendId { get; init; }

    /// <summary>What the candidate is asked to reply by SMS.</summary>
    public string? ReplyWord { get; init; }
    public DateTimeOffset At { get; init; }
    public string? Title { get; private set; }
    public string? Text { get; private set; }
    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>The trace of the message that brought it.</summary>
    public string? TraceParent { get; init; }
    public uint Version { get; init; }
    public List<Delivery> Deliveries { get; } = [];

    /// <summary>The words stay as they were first found: what the candidate has read does not change.</summary>
    public void Word(string title, string text)
    {
        if (Title is not null) return;
        (Title, Text) = (title, text);
    }

    public void Read(DateTimeOffset now) => ReadAt ??= now;
}

/// <summary>What this service remembers of an application, to address what officers decide about it.</summary>
public sealed class KnownApplication
{
    public Guid ApplicationId { get; init; }
    public Guid CandidateId { get; init; }
    public required string ProgrammeCode { get; init; }

    /// <summary>Of the last submission told of, <c>110000/110100/</c>: whose officers look after it.</summary>
    public string AreaPath { get; init; } = "";

    /// <summary>The last submission told of.</summary>
    public int Version { get; init; }
}
