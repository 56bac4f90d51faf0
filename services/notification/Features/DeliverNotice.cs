using System.Globalization;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Notifications.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications.Features;

/// <summary>One attempt at one delivery that is Sending, and what became of it.</summary>
public sealed class DeliverNotice(NotificationDb db, Wording wording, Consideration consideration, IdentityAnswers.IdentityAnswersClient identities, SmsGateways gateways, IEnumerable<IMessageChannel> channels,
    IOptions<NotificationOptions> options, TimeProvider clock, ILogger<DeliverNotice> log)
{
    private const string NotAccepted = "43101";

    /// <param name="inDoubt">An earlier attempt ended without an answer, or the process did: the channel is asked first.</param>
    public async Task Attempt(Guid deliveryId, bool inDoubt, CancellationToken ct)
    {
        var delivery = await db.Deliveries.SingleAsync(d => d.Id == deliveryId, ct);
        var notice = await db.Notices.SingleAsync(n => n.Id == delivery.NoticeId, ct);
        var hold = inDoubt ? await consideration.OfDoubt(delivery, notice, ct) : await consideration.Of(delivery, notice, ct);
        if (hold is null) await Send(delivery, notice, inDoubt, ct);
        else if (hold.Until is { } until) delivery.Rest(hold.Code, until, clock.GetUtcNow());
        else delivery.Skip(hold.Code, clock.GetUtcNow());
        await db.SaveChangesAsync(CancellationToken.None); // what the channel said is kept, also while stopping
        await TellRoute(delivery);
        if (delivery.State is DeliveryState.Sending or DeliveryState.Waiting or DeliveryState.Failed) log.LogWarning("Delivery {DeliveryId} by {Channel} is {State} after attempt {Attempt}: {Code}", delivery.Id, Words.Of(delivery.Channel), delivery.State, delivery.Attempts, delivery.LastCode);
    }

    private async Task Send(Delivery delivery, Notice notice, bool inDoubt, CancellationToken ct)
    {
        var answer = await Answer(delivery, notice, inDoubt, ct);
        var now = clock.GetUtcNow();
        _ = answer.Outcome switch
        {
            SendOutcome.Withheld => delivery.Withhold(now),
            SendOutcome.Skipped => delivery.Skip(answer.Code, now),
            SendOutcome.Accepted => delivery.Deliver(answer.Receipt, now),
            SendOutcome.Unknown => delivery.Doubt(answer.Code, now),
            SendOutcome.Refused => delivery.Postpone(answer.Code, options.Value.MaxAttempts, now),
            _ => delivery.Fail(answer.Code, now),
        };
        if (notice.Event is not NoticeEvent.SmsCode) Tell(delivery, notice, answer, now);
    }

    private void Tell(Delivery delivery, Notice notice, SendAnswer answer, DateTimeOffset now)
    {
        var (of, channel) = (Words.Of(notice.Event), Words.Of(delivery.Channel));
        if (delivery.State is DeliveryState.Delivered) db.Publish(notice.Id, new NoticeDelivered(notice.Id, notice.CandidateId, of, channel, now));
        if (delivery.State is DeliveryState.Failed) db.Publish(notice.Id, new NoticeFailed(notice.Id, notice.CandidateId, of, channel, answer.Code, now));
    }

    /// <summary>Once nothing of a step is under way, the route goes on at once; if the process dies before this, its own time does the same.</summary>
    private async Task TellRoute(Delivery delivery)
    {
        if (delivery.Channel is DeliveryChannel.Inbox || delivery.State is DeliveryState.Waiting or DeliveryState.Sending) return;
        var now = clock.GetUtcNow();
        await db.Routes.Where(r => r.NoticeId == delivery.NoticeId && r.GoOnAt > now && !db.Deliveries.Any(d => d.NoticeId == r.NoticeId && d.Channel != DeliveryChannel.Inbox && (d.State == DeliveryState.Waiting || d.State == DeliveryState.Sending)))
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.GoOnAt, now), CancellationToken.None);
    }

    private async Task<SendAnswer> Answer(Delivery delivery, Notice notice, bool inDoubt, CancellationToken ct)
    {
        try
        {
            if (notice.Event is NoticeEvent.SmsCode) return await Digits(delivery, notice, inDoubt, ct);
            var worded = await wording.Of(notice, ct);
            if (delivery.Channel is not DeliveryChannel.Inbox && worded.Trial) return new(SendOutcome.Withheld, "trial");
            if (delivery.Channel is DeliveryChannel.Sms) return await BySms(delivery, notice, worded, inDoubt, ct);
            if (delivery.Channel is not DeliveryChannel.Inbox) return await Elsewhere(delivery, notice, worded, inDoubt, ct);
            notice.Word(worded.Title, worded.Text); // being in the inbox is having words
            return new(SendOutcome.Accepted, "OK");
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition && notice.Event is NoticeEvent.SmsCode)
        {
            return new(SendOutcome.Impossible, "code-over"); // nobody enters it any more
        }
        catch (RpcException e)
        {
            // nothing left the platform; but where an earlier attempt is in doubt, it stays so
            return new(inDoubt ? SendOutcome.Unknown : SendOutcome.Refused, $"peer-{e.StatusCode}");
        }
    }

    /// <summary>They are in this process only for as long as sending takes.</summary>
    private async Task<SendAnswer> Digits(Delivery delivery, Notice notice, bool inDoubt, CancellationToken ct)
    {
        var code = await identities.GetSmsCodeAsync(new() { CodeId = notice.Occurrence }, cancellationToken: ct);
        return inDoubt ? await gateways.Find(delivery, code.Mobile, ct) : await gateways.Send(delivery, new(delivery.Id, code.Mobile, notice.Event, null, [new("code", code.Digits)]), ct);
    }

    private async Task<SendAnswer> BySms(Delivery delivery, Notice notice, WordedNotice worded, bool inDoubt, CancellationToken ct)
    {
        var address = await identities.GetAddressAsync(new()
        {
            CandidateId = notice.CandidateId.ToString(),
            At = notice.Event is NoticeEvent.SignInMeansChanged ? notice.At.ToString("O", CultureInfo.InvariantCulture) : "", // who held the mobile of before is to hear that it was changed
        }, cancellationToken: ct);
        if (address.Mobile.Length == 0) return new(SendOutcome.Impossible, "no-address");
        if (inDoubt) return await gateways.Find(delivery, address.Mobile, ct);
        var values = new List<KeyValuePair<string, string>>();
        foreach (var name in worded.SmsNames)
            values.Add(new(name, name == NoticeTemplates.PersonName ? (await identities.GetPersonAsync(new() { CandidateId = notice.CandidateId.ToString() }, cancellationToken: ct)).Name : worded.Values[name]));
        return await gateways.Send(delivery, new(delivery.Id, address.Mobile, notice.Event, worded.Owner, values), ct);
    }

    /// <summary>By an account at another platform, which the person may have or not.</summary>
    private async Task<SendAnswer> Elsewhere(Delivery delivery, Notice notice, WordedNotice worded, bool inDoubt, CancellationToken ct)
    {
        var channel = channels.Single(c => c.Channel == delivery.Channel);
        if (worded.Template.Fields(delivery.Channel) is not { } template || channel.TemplateId(notice.Event, worded.Owner) is not { } templateId) return new(SendOutcome.Skipped, "no-template");
        if (inDoubt && clock.GetUtcNow() - delivery.SentAt >= channel.DropsRepeats) return new(SendOutcome.Impossible, "in-doubt"); // once more might be twice
        var found = await identities.GetMessageAddressAsync(new() { CandidateId = notice.CandidateId.ToString(), Channel = Words.Of(delivery.Channel) }, cancellationToken: ct);
        if (found.Address.Length == 0) return new(inDoubt ? SendOutcome.Impossible : SendOutcome.Skipped, "not-bound");
        var fields = template.Fields.Select(field => KeyValuePair.Create(field.Key, NoticeTemplates.FieldOf(field.Key, field.Value, worded.Values))).ToList();
        var message = new ChannelMessage(delivery.Id, found.Address, notice.Event, templateId, fields, notice.BulkSendId is null ? notice.ApplicationId : null);
        return channel.UsesAccepts ? await WithAccept(channel, message, notice.CandidateId, ct) : await channel.SendAsync(message, ct);
    }

    /// <summary>One accept is used up before anything leaves, and given back where surely nothing did: a process that dies in between costs one, and never sends one too many.</summary>
    private async Task<SendAnswer> WithAccept(IMessageChannel channel, ChannelMessage message, Guid candidate, CancellationToken ct)
    {
        var accepts = db.Subscriptions.Where(s => s.CandidateId == candidate && s.TemplateId == message.TemplateId);
        if (await accepts.Where(s => s.Left > 0).ExecuteUpdateAsync(set => set.SetProperty(s => s.Left, s => s.Left - 1), ct) == 0) return new(SendOutcome.Skipped, "no-subscription");
        var answer = await channel.SendAsync(message, ct);
        if (answer.Code == NotAccepted) await accepts.ExecuteUpdateAsync(set => set.SetProperty(s => s.Left, 0), CancellationToken.None); // the person took it back at WeChat
        else if (answer.Outcome is SendOutcome.Refused or SendOutcome.Impossible) await accepts.ExecuteUpdateAsync(set => set.SetProperty(s => s.Left, s => s.Left + 1), CancellationToken.None);
        return answer;
    }
}
