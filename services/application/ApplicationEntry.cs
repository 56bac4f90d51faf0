using System.Security.Cryptography;
using ExamPlatform.Applications.Contracts;

namespace ExamPlatform.Applications;

// What an officer has entered for somebody who came to the counter: sent in once the person has replied to the SMS.
public sealed partial class Application
{
    /// <summary>Who entered it at the counter, and the word that the person has to send back; null where the person fills in the form.</summary>
    public CounterEntry? Entry { get; private set; }

    /// <summary>Asks the person by SMS whether this is right.</summary>
    public void AskForReply(Guid officer, CounterRule rule, DateTimeOffset now)
    {
        Entry = new(officer, RandomNumberGenerator.GetString("0123456789", CounterEntry.Digits), now.AddHours(rule.ReplyWithinHours));
        Announce(new CounterEntryMade(Id, CandidateId, Entry.Word, Entry.ExpiresAt, now));
    }

    /// <summary>Whether this reply confirms what was entered.</summary>
    public Refusal? MayBeConfirmedBy(string word, DateTimeOffset at) =>
        Entry is null || Standing is not Standing.Draft || Submitted > 0 ? new("nothing-entered", "No entry of an officer waits for a reply.")
        : Entry.Word != word ? new("another-word", "The reply is not the word that was asked for.")
        : at > Entry.ExpiresAt ? new("reply-too-late", $"The reply was waited for until {Entry.ExpiresAt:u}.") : null;
}

/// <param name="Word">Digits only: they are typed on any phone, and read out well.</param>
public sealed record CounterEntry(Guid OfficerId, string Word, DateTimeOffset ExpiresAt)
{
    public const int Digits = 6;
}
