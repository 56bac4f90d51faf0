using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// What people do at the official account: WeChat tells within five seconds and up to three times more. Copies change nothing, nor does what is older than what is known, nor what WeChat has not sealed.
/// </summary>
public static class TakeWeChatMessages
{
    private const int BodyLimit = 64 * 1024, WrongDigitsPerDay = 5;
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    public static void MapTakeWeChatMessages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/callbacks/wechat", Verify).AllowAnonymous().WithName("verify-wechat-callback").WithTags("identity").WithSummary("WeChat asks whether this address is ours.");
        app.MapPost("/callbacks/wechat", Take).AllowAnonymous().WithName("receive-wechat-message").WithTags("identity").WithSummary("An event or a message of the official account; its own seal takes the token's place.");
    }

    private static IResult Verify(HttpRequest request, WeChatMessages messages)
    {
        var query = request.Query;
        return messages.IsSigned(query["signature"].ToString(), query["timestamp"].ToString(), query["nonce"].ToString()) ? TypedResults.Text(query["echostr"].ToString()) : Forged();
    }

    private static async Task<IResult> Take(HttpContext http, IdentityDb db, PersonalData data, WeChatMessages messages, Bindings bindings, Limits limits, IWeChat weChat, TimeProvider clock, ILogger<WeChatMessages> log, CancellationToken ct)
    {
        var body = new byte[BodyLimit + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        if (length > BodyLimit) return Problems.Of(StatusCodes.Status413PayloadTooLarge, "too-large", "No message of WeChat is that large.");
        if (messages.Open(http.Request.Query, body.AsMemory(0, length)) is not { } message)
        {
            log.LogWarning("A message that WeChat has not sealed was refused");
            return Forged();
        }
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await limits.Take("wechat message", message.Key, 1, Memory, ct) is not null) return Done(null); // a copy waits above until the first has ended
        var who = message.What is "subscribe" or "SCAN" or "text" ? (await weChat.FollowStateAsync(message.From, ct))?.UnionId : null;
        if (message.What is "subscribe" or "SCAN" or "unsubscribe") await bindings.Tell(message.From, who, message.What != "unsubscribe", message.At, ct);
        var (request, words) = message.What switch
        {
            "subscribe" or "SCAN" when message.Value.Length > 0 => (await Scanned(message, db, ct), null),
            "text" => await Written(message, db, data, limits, clock, ct),
            _ => (null, null),
        };
        if (request is not null) words = await Answer(request, message, who, bindings, clock, http, ct);
        if (words == OutsideAnswer.Unreachable.Refusal!.Code) return Problems.Of(StatusCodes.Status503ServiceUnavailable, "temporarily-unavailable", "Who it is could not be asked now; send it again."); // rolled back: the copy is no copy
        await transaction.CommitAsync(ct);
        return Done(words);

        IResult Done(string? what) => TypedResults.Text(what is null ? "success" : messages.Seal(message, WeChatWords.Of(what)), what is null ? "text/plain" : "text/xml");
    }

    /// <summary>The scene is the secret of who waits.</summary>
    private static Task<BindingRequest?> Scanned(WeChatMessage message, IdentityDb db, CancellationToken ct)
    {
        var hash = RefreshToken.HashOf(message.Value);
        return db.BindingRequests.SingleOrDefaultAsync(r => r.SecretHash == hash, ct);
    }

    /// <summary>Digits that are sent, in any writing. Wrong ones are counted: nobody finds another's by trying.</summary>
    private static async Task<(BindingRequest?, string?)> Written(WeChatMessage message, IdentityDb db, PersonalData data, Limits limits, TimeProvider clock, CancellationToken ct)
    {
        var digits = string.Concat(DocumentNumber.HalfWidth(message.Value).Where(char.IsAsciiDigit));
        if (digits.Length != BindingOffer.DigitCount) return (null, null);
        if (await limits.Count("wechat digits", message.From, ct) >= WrongDigitsPerDay) return (null, "too-many-digits");
        var (hash, now) = (BindingRequest.HashOfDigits(data, digits), clock.GetUtcNow());
        if (await db.BindingRequests.OrderByDescending(r => r.EndsAt).FirstOrDefaultAsync(r => r.DigitsHash == hash && r.State == BindingRequestState.Waiting && r.EndsAt > now, ct) is { } request) return (request, null);
        await limits.Take("wechat digits", message.From, int.MaxValue, Memory, ct);
        return (null, "wrong-digits");
    }

    private static async Task<string> Answer(BindingRequest request, WeChatMessage message, string? unionId, Bindings bindings, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (!request.Waits(clock.GetUtcNow())) return "binding-over";
        return unionId is null ? OutsideAnswer.Unreachable.Refusal!.Code : (await bindings.Answer(request, new(unionId, message.From), SignInRecord.AddressOf(http), ct))?.Code ?? "bound";
    }

    private static IResult Forged() => Problems.Of(StatusCodes.Status403Forbidden, "callback-forged", "This was not sealed with the token and the key of the official account.");
}
