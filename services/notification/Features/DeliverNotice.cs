using System.Globalization;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Notifications.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications.Features;

/// <summary>One attempt at one delivery that is Sending, and what became of it.</summary>
public sealed class DeliverNotice(NotificationDb db, Wording wording, IdentityAnswers.IdentityAnswersClient identities, ISmsGateway gateway, IOptions<NotificationOptions> options,
    TimeProvider clock, ILogger<DeliverNotice> log)
{
    /// <param name="inDoubt">An earlier attempt ended without an answer, or the process did: the channel is asked first.</param>
    public async Task Attempt(Guid deliveryId, bool inDoubt, CancellationToken ct)
    {
        var delivery = await db.Deliveries.SingleAsync(d => d.Id == deliveryId, ct);
        var notice = await db.Notices.SingleAsync(n => n.Id == delivery.NoticeId, ct);
        var answer = await Answer(delivery, notice, inDoubt, ct);
        var now = clock.GetUtcNow();
        _ = answer.Outcome switch
        {
            SmsOutcome.Withheld => delivery.Withhold(now),
            SmsOutcome.Accepted => delivery.Deliver(answer.Receipt, now),
            SmsOutcome.Unknown when delivery.Attempts < options.Value.MaxAttempts => delivery.Doubt(answer.Code, now),
            SmsOutcome.Refused => delivery.Postpone(answer.Code, options.Value.MaxAttempts, now),
            _ => delivery.Fail(answer.Code, now),
        };
        if (notice.Event is not NoticeEvent.SmsCode) Tell(delivery, notice, answer, now);
        await db.SaveChangesAsync(CancellationToken.None); // what the channel said is kept, also while stopping
        if (delivery.State is not (DeliveryState.Delivered or DeliveryState.Withheld)) log.LogWarning("Delivery {DeliveryId} by {Channel} is {State} after attempt {Attempt}: {Code}", delivery.Id, Words.Of(delivery.Channel), delivery.State, delivery.Attempts, answer.Code);
    }

    private void Tell(Delivery delivery, Notice notice, SmsAnswer answer, DateTimeOffset now)
    {
        var (of, channel) = (Words.Of(notice.Event), Words.Of(delivery.Channel));
        if (delivery.State is DeliveryState.Delivered) db.Publish(notice.Id, new NoticeDelivered(notice.Id, notice.CandidateId, of, channel, now));
        if (delivery.State is DeliveryState.Failed) db.Publish(notice.Id, new NoticeFailed(notice.Id, notice.CandidateId, of, channel, answer.Code, now));
    }

    private async Task<SmsAnswer> Answer(Delivery delivery, Notice notice, bool inDoubt, CancellationToken ct)
    {
        try
        {
            if (notice.Event is NoticeEvent.SmsCode) return await Digits(delivery, notice, inDoubt, ct);
            var worded = await wording.Of(notice, ct);
            if (delivery.Channel is DeliveryChannel.Sms && worded.Trial) return new(SmsOutcome.Withheld, "trial");
            if (delivery.Channel is DeliveryChannel.Sms) return await BySms(delivery, notice, worded, inDoubt, ct);
            notice.Word(worded.Title, worded.Text); // being in the inbox is having words
            return new(SmsOutcome.Accepted, "OK");
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition && notice.Event is NoticeEvent.SmsCode)
        {
            return new(SmsOutcome.Impossible, "code-over"); // nobody enters it any more
        }
        catch (RpcException e)
        {
            // nothing left the platform; but where an earlier attempt is in doubt, it stays so
            return new(inDoubt ? SmsOutcome.Unknown : SmsOutcome.Refused, $"peer-{e.StatusCode}");
        }
    }

    /// <summary>They are in this process only for as long as sending takes.</summary>
    private async Task<SmsAnswer> Digits(Delivery delivery, Notice notice, bool inDoubt, CancellationToken ct)
    {
        var code = await identities.GetSmsCodeAsync(new() { CodeId = notice.Occurrence }, cancellationToken: ct);
        return inDoubt
            ? await gateway.FindAsync(code.Mobile, delivery.Id, delivery.SentAt!.Value, ct)
            : await gateway.SendAsync(new(delivery.Id, code.Mobile, notice.Event, new Dictionary<string, string> { ["code"] = code.Digits }), ct);
    }

    private async Task<SmsAnswer> BySms(Delivery delivery, Notice notice, WordedNotice worded, bool inDoubt, CancellationToken ct)
    {
        var address = await identities.GetAddressAsync(new()
        {
            CandidateId = notice.CandidateId.ToString(),
            At = notice.Event is NoticeEvent.SignInMeansChanged ? notice.At.ToString("O", CultureInfo.InvariantCulture) : "", // who held the mobile of before is to hear that it was changed
        }, cancellationToken: ct);
        if (address.Mobile.Length == 0) return new(SmsOutcome.Impossible, "no-address");
        if (inDoubt) return await gateway.FindAsync(address.Mobile, delivery.Id, delivery.SentAt!.Value, ct);
        var values = new Dictionary<string, string>(worded.SmsValues);
        if (worded.SmsNames) values[NoticeTemplates.PersonName] = (await identities.GetPersonAsync(new() { CandidateId = notice.CandidateId.ToString() }, cancellationToken: ct)).Name;
        return await gateway.SendAsync(new(delivery.Id, address.Mobile, notice.Event, values), ct);
    }
}
