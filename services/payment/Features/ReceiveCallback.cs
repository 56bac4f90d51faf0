using System.Text.Json;
using ExamPlatform.Payments.Channels;

namespace ExamPlatform.Payments.Features;

/// <summary>A bank's callback: stored as it came, then judged, then answered in the bank's words.</summary>
public static class ReceiveCallback
{
    private const int BodyLimit = 64 * 1024;

    public static void MapReceiveCallback(this IEndpointRouteBuilder app) =>
        app.MapPost("/callbacks/{channel}", Handle).AllowAnonymous().WithName("receive-callback").WithTags("payment").WithSummary("A bank's callback; its own signature takes the token's place.");

    private static async Task<IResult> Handle(string channel, HttpRequest request, IEnumerable<IChannel> channels, PaymentDb db, CallbackJudge judge, TimeProvider clock, ILogger<CallbackJudge> log)
    {
        if (channels.SingleOrDefault(c => c.Name == channel) is not { } bank) return Problems.NotFound();
        try
        {
            if (await Read(request) is not { } body) return Problems.Of(413, "too-large", "No bank's callback is that large.");
            var callback = new BankCallback { Id = Guid.CreateVersion7(), Channel = channel, ReceivedAt = clock.GetUtcNow(), Headers = Headers(request), Body = body };
            db.BankCallbacks.Add(callback);
            await db.SaveChangesAsync(CancellationToken.None); // the bank hanging up must not stop us from now on
            return bank.Answer(await judge.Judge(callback.Id, CancellationToken.None));
        }
        catch (Exception e) when (!request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            log.LogError(e, "A callback of {Channel} could not be taken in now; the bank sends it again, and a stored one is judged later", channel);
            return bank.Answer(Verdict.Received);
        }
    }

    /// <returns>Null when it is larger than any bank sends.</returns>
    private static async Task<byte[]?> Read(HttpRequest request)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > BodyLimit) return null;
        }
        return body.ToArray();
    }

    /// <summary>A bank sends neither tokens nor cookies; should somebody, they are not kept.</summary>
    private static string Headers(HttpRequest request) => JsonSerializer.Serialize(request.Headers
        .Where(h => !h.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && !h.Key.Equals("Cookie", StringComparison.OrdinalIgnoreCase))
        .ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()));
}
