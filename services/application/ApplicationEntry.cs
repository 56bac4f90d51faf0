using System.Security.Cryptography;
using ExamPlatform.Applications.Contracts;

namespace ExamPlatform.Applications;

// What an officer has entered for somebody who came to the counter: sent in once the person has replied to the SMS.
public sealed partial class Application
{
    /// <summary>Who entered it at the counter, and the word that the person has to send back; null where the person fills in the form.</summary>
    public CounterEntry? Entry { get; private set; }

    /// <summary>Asks the person by SMS whether this is right.</summary>
    public void AskForReply(Guid officer, ExamProgramme programme, DateTimeOffset now)
    {
        var (wanted, end) = (now.AddHours(programme.Counter!.ReplyWithinHours), programme.Session(SessionCode)!.Window(AreaCode, WindowKind.Registration).Until);
        Entry = new(officer, RandomNumberGenerator.GetString("0123456789", CounterEntry.Digits), wanted < end ? wanted : end);
        (DeadlineAt, AwaitedTask, RemindAt, LapsesAt) = (Entry.ExpiresAt, null, null, Entry.ExpiresAt);
        Announce(new CounterEntryMade(Id, CandidateId, Entry.Word, Entry.ExpiresAt, now));
    }

    /// <summary>Whether it waits for the person's reply.</summary>
    public bool WaitsForReply => Entry is not null && Standing is Standing.Draft && Submitted == 0;

    /// <summary>The entry is nothing any more: no reply came, the reply found it unfit, or officers enter it anew.</summary>
    public Refusal? VoidEntry(AbandonCause cause, Guid? actor, DateTimeOffset now) =>
        Illegal(LifeEvent.VoidEntry) ?? (WaitsForReply ? Abandon(LifeEvent.VoidEntry, cause, actor, now) : new("nothing-entered", "No entry of an officer waits for a reply."));

    /// <summary>Whether this reply, written at that time, confirms what was entered; one that was written in time does, even when the entry has lapsed before it came.</summary>
    public Refusal? MayBeConfirmedBy(string word, DateTimeOffset at) =>
        Entry is null || !(WaitsForReply || AbandonedFor is AbandonCause.EntryUnanswered) ? new("nothing-entered", "No entry of an officer waits for a reply.")
        : Entry.Word != word ? new("another-word", "The reply is not the word that was asked for.")
        : at >= Entry.ExpiresAt ? new("reply-too-late", $"The reply was waited for until {Entry.ExpiresAt:u}.") : null;
}

/// <param name="Word">Digits only: they are typed on any phone, and read out well.</param>
public sealed record CounterEntry(Guid OfficerId, string Word, DateTimeOffset ExpiresAt)
{
    public const int Digits = 6;
}
