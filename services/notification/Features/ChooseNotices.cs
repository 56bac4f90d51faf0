using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications.Features;

/// <summary>When and by what a candidate wants to be told, and which subscribe messages they have accepted.</summary>
internal static class ChooseNotices
{
    private const string Form = "HH:mm";
    private const int MostTemplates = 5, MostLeft = 100;
    private static readonly DeliveryChannel[] Outside = [.. Enum.GetValues<DeliveryChannel>().Where(channel => channel is not DeliveryChannel.Inbox)];

    /// <param name="QuietFrom">HH:mm, Beijing time; equal to <paramref name="QuietUntil"/> where there are no quiet hours.</param>
    /// <param name="Off">Channels that are not wanted. The inbox cannot be; nor can codes, and warnings that the account may be stolen, be turned off.</param>
    public sealed record Choice(string QuietFrom, string QuietUntil, IReadOnlyList<DeliveryChannel> Off);

    /// <param name="Channels">What this platform tells by, beside the inbox.</param>
    public sealed record Chosen(string QuietFrom, string QuietUntil, IReadOnlyList<DeliveryChannel> Off, IReadOnlyList<DeliveryChannel> Channels);

    /// <param name="Accepted">The template ids that <c>wx.requestSubscribeMessage</c> answered with <c>accept</c>; each once.</param>
    public sealed record Accepts(IReadOnlyList<string> Accepted);

    public static void MapChooseNotices(this IEndpointRouteBuilder app)
    {
        var mine = app.MapGroup("/api/notices").RequireAuthorization(TokenNames.Candidate).WithTags("notification");
        mine.MapGet("/preferences", Show).WithName("show-notice-preferences").WithSummary("Quiet hours and channels of the candidate.");
        mine.MapPut("/preferences", Choose).WithName("choose-notice-preferences").WithSummary("Chooses quiet hours and channels; the inbox always has everything.");
        mine.MapPost("/subscriptions", Accept).WithName("accept-subscribe-messages").WithSummary("The mini-program tells which subscribe messages its owner has just accepted: each is good for one message.");
    }

    private static async Task<Ok<Chosen>> Show(Me me, NotificationDb db, IEnumerable<IMessageChannel> channels, CancellationToken ct)
    {
        var chosen = await db.NoticePreferences.AsNoTracking().SingleOrDefaultAsync(p => p.CandidateId == me.Id, ct) ?? new();
        return TypedResults.Ok(new Chosen(Text(chosen.QuietFrom), Text(chosen.QuietUntil), [.. Outside.Where(channel => !chosen.Wants(channel))], [DeliveryChannel.Sms, .. channels.Where(c => c.IsOn).Select(c => c.Channel)]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Choose(Choice choice, Me me, NotificationDb db, CancellationToken ct)
    {
        var faults = new Faults();
        var (from, until) = (Time(choice.QuietFrom, "quietFrom", faults), Time(choice.QuietUntil, "quietUntil", faults));
        faults.Add(choice.Off.Contains(DeliveryChannel.Inbox), "off", "inbox-stays", "The inbox cannot be turned off.");
        if (faults.Any) return faults.ToProblem();
        var chosen = await db.NoticePreferences.SingleOrDefaultAsync(p => p.CandidateId == me.Id, ct) ?? db.Add(new NoticePreference { CandidateId = me.Id }).Entity;
        chosen.Choose(from, until, choice.Off);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Accept(Accepts accepts, Me me, NotificationDb db, IEnumerable<IMessageChannel> channels, NoticeTemplates templates, CancellationToken ct)
    {
        var known = channels.Where(c => c.UsesAccepts).SelectMany(c => templates.With(c.Channel).Select(each => c.TemplateId(each.Event, each.Programme))).ToHashSet();
        var faults = new Faults().Add(accepts.Accepted.Count is 0 or > MostTemplates, "accepted", "count", $"Send 1 to {MostTemplates} template ids.")
            .Add(accepts.Accepted.Any(id => !known.Contains(id)), "accepted", "unknown-template", "Send template ids that this platform sends by.");
        if (faults.Any) return faults.ToProblem();
        foreach (var template in accepts.Accepted.Distinct())
            await db.Database.ExecuteSqlAsync($"""
                insert into subscriptions as s (candidate_id, template_id, "left") values ({me.Id}, {template}, 1)
                on conflict (candidate_id, template_id) do update set "left" = least(s."left" + 1, {MostLeft})
                """, ct);
        return TypedResults.NoContent();
    }

    private static TimeOnly Time(string text, string field, Faults faults)
    {
        faults.Add(!TimeOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time), field, "time-form", "Send HH:mm, for example 22:00.");
        return time;
    }

    private static string Text(TimeOnly time) => time.ToString(Form, CultureInfo.InvariantCulture);
}
