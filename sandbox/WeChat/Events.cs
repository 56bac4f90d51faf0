using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChat;

/// <summary>How a message is not to be believed.</summary>
public enum EventForgery { WrongSignature, OtherKey, OtherApp, Plain, NoSignature }

/// <summary>One message or event and what the platform said each time. <paramref name="Reply"/> is what the person reads in WeChat.</summary>
public sealed record SentEvent(string Person, string Event, IReadOnlyList<int?> Statuses, string? Reply, bool Acknowledged);

/// <summary>Sends what people do at the official account, in safe mode; again up to three times until it is answered.</summary>
public sealed class Events(Platform platform, WeChatWorld world, IOptions<WeChatOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
    private readonly ConcurrentQueue<SentEvent> sent = new();
    private long messages = DateTimeOffset.UnixEpoch.ToUnixTimeSeconds() + 23_000_000_000_000;

    public IReadOnlyCollection<SentEvent> Sent => sent;

    public bool HaveAddress => options.Value.CallbackUrl is { Length: > 0 };

    /// <summary>Who does not follow yet, follows by it: <c>subscribe</c> with <c>qrscene_</c>; who does, <c>SCAN</c> with the scene alone.</summary>
    public Task<SentEvent> Scan(string person, Scene scene, int copies = 1, DateTimeOffset? at = null, EventForgery? forgery = null)
    {
        var known = world.Follows(person);
        world.SetFollows(person, true);
        return Send(person, known ? "SCAN" : "subscribe", [new XElement("EventKey", new XCData(known ? scene.Value : $"qrscene_{scene.Value}")), new XElement("Ticket", new XCData(scene.Ticket))], copies, at, forgery);
    }

    public Task<SentEvent> Follow(string person, bool follows, int copies = 1, DateTimeOffset? at = null, EventForgery? forgery = null)
    {
        world.SetFollows(person, follows);
        return Send(person, follows ? "subscribe" : "unsubscribe", [new XElement("EventKey", new XCData(""))], copies, at, forgery);
    }

    public Task<SentEvent> Say(string person, string content, int copies = 1, DateTimeOffset? at = null, EventForgery? forgery = null) =>
        Send(person, "text", [new XElement("Content", new XCData(content)), new XElement("MsgId", Interlocked.Increment(ref messages))], copies, at, forgery);

    private async Task<SentEvent> Send(string person, string what, XElement[] parts, int copies, DateTimeOffset? at, EventForgery? forgery)
    {
        var created = (at ?? clock.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var message = new XElement("xml", new XElement("ToUserName", new XCData("gh_sandbox")), new XElement("FromUserName", new XCData(world.OpenIdOf(options.Value.AccountAppId, person))),
            new XElement("CreateTime", created), new XElement("MsgType", new XCData(what == "text" ? "text" : "event")), what == "text" ? null : new XElement("Event", new XCData(what)), parts).ToString(SaveOptions.DisableFormatting);
        var answers = await Task.WhenAll(Enumerable.Range(0, copies).Select(_ => Deliver(person, message, forgery)));
        var whole = new SentEvent(person, what, [.. answers.SelectMany(answer => answer.Statuses)], answers.Select(answer => answer.Reply).FirstOrDefault(reply => reply is not null), answers.All(answer => answer.Acknowledged));
        sent.Enqueue(whole);
        return whole;
    }

    private async Task<(List<int?> Statuses, string? Reply, bool Acknowledged)> Deliver(string person, string message, EventForgery? forgery)
    {
        var (statuses, last) = (new List<int?>(), new PlatformAnswer(null, "", null));
        var waits = forgery is null ? new[] { TimeSpan.Zero, Wait, Wait, Wait } : [TimeSpan.Zero];
        await platform.Repeat(waits.Select(wait => wait * options.Value.ResendScale), async () =>
        {
            using var request = Request(person, message, forgery);
            last = await platform.Post(request);
            statuses.Add(last.Status);
            return last;
        });
        return (statuses, last.Acknowledged ? Reply(last.Body) : null, last.Acknowledged);
    }

    private HttpRequestMessage Request(string person, string message, EventForgery? forgery)
    {
        var (chosen, time, nonce) = (options.Value, clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), RandomNumberGenerator.GetString("0123456789", 10));
        var key = forgery is EventForgery.OtherKey ? Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=') : chosen.EncodingAesKey;
        var encrypted = MessageSeal.Encrypt(message, key, forgery is EventForgery.OtherApp ? "wxffffffffffffffff" : chosen.AccountAppId);
        var token = forgery is EventForgery.WrongSignature ? "another-token" : chosen.Token;
        var query = $"signature={MessageSeal.Signature(chosen.Token, time, nonce)}&timestamp={time}&nonce={nonce}&openid={world.OpenIdOf(chosen.AccountAppId, person)}";
        if (forgery is EventForgery.WrongSignature or null or EventForgery.OtherKey or EventForgery.OtherApp) query += $"&encrypt_type=aes&msg_signature={MessageSeal.Signature(token, time, nonce, encrypted)}";
        if (forgery is EventForgery.NoSignature) query = $"timestamp={time}&nonce={nonce}&encrypt_type=aes";
        var body = forgery is EventForgery.Plain ? message : new XElement("xml", new XElement("ToUserName", new XCData("gh_sandbox")), new XElement("Encrypt", new XCData(encrypted))).ToString(SaveOptions.DisableFormatting);
        return new(HttpMethod.Post, $"{chosen.CallbackUrl}?{query}") { Content = new StringContent(body, Encoding.UTF8, "text/xml") };
    }

    /// <summary>What the person reads; null for <c>success</c> or nothing. A reply that is not sealed as it must be is none.</summary>
    private string? Reply(string body)
    {
        if (body is "" or "success") return null;
        var sealing = XElement.Parse(body);
        var (encrypted, time, nonce) = (sealing.Element("Encrypt")?.Value ?? "", sealing.Element("TimeStamp")?.Value ?? "", sealing.Element("Nonce")?.Value ?? "");
        if (sealing.Element("MsgSignature")?.Value != MessageSeal.Signature(options.Value.Token, time, nonce, encrypted)) return null;
        return XElement.Parse(MessageSeal.Decrypt(encrypted, options.Value.EncodingAesKey)).Element("Content")?.Value;
    }
}
