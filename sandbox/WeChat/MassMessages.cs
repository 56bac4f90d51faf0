using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChat;

/// <summary>What went to all who follow the official account, by its <c>clientmsgid</c>.</summary>
public sealed class MassSends
{
    private readonly ConcurrentDictionary<string, (long Id, DateTimeOffset At)> sends = new();
    private long jobs = 1_000_000_000;

    /// <returns>The number, and whether it is of a new send: within a day it is known again.</returns>
    public (long Id, bool New) Take(string clientMessageId, DateTimeOffset now)
    {
        var id = Interlocked.Increment(ref jobs);
        var taken = sends.AddOrUpdate(clientMessageId, (id, now), (_, before) => now - before.At < TimeSpan.FromDays(1) ? before : (id, now));
        return (taken.Id, taken.Id == id);
    }

    public bool Has(long id) => sends.Values.Any(send => send.Id == id);
}

/// <summary>Messages to all who follow the official account (群发), of text.</summary>
public static class MassMessages
{
    private const int LongestId = 64, LongestText = 2048;

    public static IResult ListFollowers(HttpRequest request, WeChatWorld world, IOptions<WeChatOptions> options)
    {
        if (CgiBin.Voided(request, world, options.Value.AccountAppId) is { } voided) return voided;
        var ids = world.Followers.Select(person => world.OpenIdOf(options.Value.AccountAppId, person)).ToList();
        return Results.Json(new { total = ids.Count, count = ids.Count, data = new { openid = ids }, next_openid = ids.LastOrDefault() ?? "" });
    }

    /// <summary>A repeat under the same clientmsgid is refused and told the number it had.</summary>
    public static async Task<IResult> SendAll(HttpRequest request, WeChatWorld world, MassSends sends, SentNews news, IOptions<WeChatOptions> options, TimeProvider clock)
    {
        if (CgiBin.Voided(request, world, options.Value.AccountAppId) is { } voided) return voided;
        if (await CgiBin.Body(request) is not { } body) return CgiBin.Fault(47001, "data format error");
        if (!body.TryGetProperty("filter", out var filter) || filter.ValueKind is not JsonValueKind.Object || !filter.TryGetProperty("is_to_all", out var all) || all.ValueKind is not JsonValueKind.True) return CgiBin.Fault(40050, "invalid tag_id");
        if (CgiBin.Text(body, "msgtype") != "text") return CgiBin.Fault(40008, "invalid message type");
        if (!body.TryGetProperty("text", out var text) || text.ValueKind is not JsonValueKind.Object || CgiBin.Text(text, "content") is not { Length: > 0 } content) return CgiBin.Fault(44004, "empty content");
        if (content.Length > LongestText) return CgiBin.Fault(45002, "content size out of limit");
        var key = CgiBin.Text(body, "clientmsgid") ?? content;
        if (key.Length > LongestId) return CgiBin.Fault(45067, "clientmsgid size out of limit");
        var now = clock.GetUtcNow();
        var (id, isNew) = sends.Take(key, now);
        if (!isNew) return Results.Json(new { errcode = 45065, errmsg = "clientmsgid exist", msg_id = id });
        foreach (var person in world.Followers) news.Add(new("mass", person, "", new Dictionary<string, string> { ["content"] = content }, null, key, 0, now));
        return Results.Json(new { errcode = 0, errmsg = "send job submission success", msg_id = id });
    }

    public static async Task<IResult> Get(HttpRequest request, WeChatWorld world, MassSends sends, IOptions<WeChatOptions> options)
    {
        if (CgiBin.Voided(request, world, options.Value.AccountAppId) is { } voided) return voided;
        if (await CgiBin.Body(request) is not { } body || !body.TryGetProperty("msg_id", out var asked) || !asked.TryGetInt64(out var id)) return CgiBin.Fault(47001, "data format error");
        return sends.Has(id) ? Results.Json(new { msg_id = id, msg_status = "SEND_SUCCESS" }) : CgiBin.Fault(40059, "invalid msg id");
    }
}
