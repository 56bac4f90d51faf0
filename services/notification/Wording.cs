using System.Globalization;
using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications;

/// <summary>A notice in words: the template of its event, filled with what the application service says about it now.</summary>
/// <param name="Trial">It is about a practice, and says so.</param>
/// <param name="Values">By placeholder; without the person's name, which is asked of identity when an SMS needs it, and kept nowhere.</param>
/// <param name="Owner">The programme whose template it is; null for that of all.</param>
public sealed record WordedNotice(string Title, string Text, NoticeTemplate Template, IReadOnlyDictionary<string, string> Values, bool Trial, string? Owner)
{
    /// <summary>The placeholders of the SMS, in the order of its text: some gateways know them by their place only.</summary>
    public IReadOnlyList<string> SmsNames => [.. NoticeTemplates.Names(Template.Sms?.Text ?? "")];
}

public sealed class Wording(NotificationDb db, NoticeTemplates templates, ApplicationAnswers.ApplicationAnswersClient applications)
{
    private static readonly TimeSpan BeijingTime = TimeSpan.FromHours(8);

    public async Task<WordedNotice> Of(Notice notice, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var programme = await db.KnownApplications.Where(a => a.ApplicationId == notice.ApplicationId).Select(a => a.ProgrammeCode).SingleOrDefaultAsync(ct);
        var template = templates.For(notice.Event, programme);
        var (values, trial) = await Values(notice, ct);
        var mark = trial ? templates.Words.Trial : "";
        return new(mark + NoticeTemplates.Fill(template.Inbox!.Title, values), mark + NoticeTemplates.Fill(template.Inbox.Text, values), template, values, trial, templates.OwnerOf(notice.Event, programme));
    }

    private async Task<(Dictionary<string, string> Values, bool Trial)> Values(Notice notice, CancellationToken ct)
    {
        // as WeChat's time fields take it
        var values = new Dictionary<string, string> { ["at"] = notice.At.ToOffset(BeijingTime).ToString("yyyy年M月d日 HH:mm", CultureInfo.InvariantCulture) };
        if (notice.BulkSendId is { } bulk) (values["title"], values["text"]) = await db.BulkSends.Where(b => b.Id == bulk).Select(b => new ValueTuple<string, string>(b.Title, b.Text)).SingleAsync(ct);
        if (notice.ApplicationId is not { } application) return (values, false);
        var request = new GetNoticeFactsRequest { ApplicationId = application.ToString(), Stage = notice.Stage ?? "", ReasonCodes = { notice.Reasons } };
        var facts = await applications.GetNoticeFactsAsync(request, cancellationToken: ct);
        (values["programme"], values["session"], values["area"], values["stage"]) = (facts.ProgrammeTitle, facts.SessionTitle, facts.AreaTitle, facts.StageTitle);
        values["reasons"] = string.Join(templates.Words.ReasonSeparator, facts.ReasonTexts.Select(text => text.TrimEnd('。'))); // they are sentences elsewhere, a part of one here
        values["due"] = notice.DueAt?.ToOffset(BeijingTime).ToString(templates.Words.DateFormat, CultureInfo.InvariantCulture) ?? templates.Words.NoDue;
        values["amount"] = ((notice.AmountInFen ?? 0) / 100m).ToString("0.00", CultureInfo.InvariantCulture);
        values["version"] = notice.Submission?.ToString(CultureInfo.InvariantCulture) ?? "";
        values["word"] = notice.ReplyWord ?? "";
        return (values, facts.Trial);
    }
}
