using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChat;

/// <summary>A template or subscribe message that somebody got.</summary>
/// <param name="Data">Field → value.</param>
public sealed record SentNewsItem(string Kind, string Person, string TemplateId, IReadOnlyDictionary<string, string> Data, string? Url, string? ClientMessageId, long MessageId, DateTimeOffset At);

/// <summary>What people got, and how often they still accept a subscribe message of each template.</summary>
public sealed class SentNews
{
    private readonly ConcurrentQueue<SentNewsItem> all = new();
    private readonly ConcurrentDictionary<(string Person, string TemplateId), int> accepts = new();
    private long messages = 400_000_000_000_000;

    public IEnumerable<SentNewsItem> To(string? person) => person is null ? all : all.Where(item => item.Person == person);

    public long Add(SentNewsItem item)
    {
        var id = Interlocked.Increment(ref messages);
        all.Enqueue(item with { MessageId = id });
        return id;
    }

    public void Accept(string person, string templateId, int times) => accepts.AddOrUpdate((person, templateId), times, (_, had) => had + times);

    public bool UseAccept(string person, string templateId)
    {
        while (accepts.TryGetValue((person, templateId), out var left) && left > 0)
            if (accepts.TryUpdate((person, templateId), left - 1, left)) return true;
        return false;
    }
}

/// <summary>Template messages of the official account and subscribe messages of the mini-program.</summary>
public static partial class Messages
{
    private static readonly TimeSpan DropsRepeats = TimeSpan.FromMinutes(10);

    public sealed record Accepting(string Person, string TemplateId, int Times = 1);

    /// <summary>A repeat under the same client_msg_id within ten minutes is answered and not shown again.</summary>
    public static async Task<IResult> SendTemplate(HttpRequest request, WeChatWorld world, SentNews news, IOptions<WeChatOptions> options, TimeProvider clock)
    {
        if (CgiBin.Voided(request, world, options.Value.AccountAppId) is { } voided) return voided;
        if (await CgiBin.Body(request) is not { } body) return CgiBin.Fault(47001, "data format error");
        if (CgiBin.Text(body, "touser") is not { } to || world.PersonOf(to) is not { } person) return CgiBin.Fault(40003, "invalid openid");
        if (!world.Follows(person)) return CgiBin.Fault(43004, "require subscribe");
        if (Faulty(body) is { } fault) return fault;
        var (id, now) = (CgiBin.Text(body, "client_msg_id"), clock.GetUtcNow());
        if (id is not null && news.To(person).FirstOrDefault(n => n.ClientMessageId == id && now - n.At < DropsRepeats) is { } before) return Done(before.MessageId);
        return Done(news.Add(new("template", person, CgiBin.Text(body, "template_id")!, Data(body), CgiBin.Text(body, "url"), id, 0, now)));
    }

    /// <summary>One accept is good for one message.</summary>
    public static async Task<IResult> SendSubscribed(HttpRequest request, WeChatWorld world, SentNews news, IOptions<WeChatOptions> options, TimeProvider clock)
    {
        if (CgiBin.Voided(request, world, options.Value.MiniProgramAppId) is { } voided) return voided;
        if (await CgiBin.Body(request) is not { } body) return CgiBin.Fault(47001, "data format error");
        if (CgiBin.Text(body, "touser") is not { } to || world.PersonOf(to, options.Value.MiniProgramAppId) is not { } person) return CgiBin.Fault(40003, "invalid openid");
        if (Faulty(body) is { } fault) return fault;
        var templateId = CgiBin.Text(body, "template_id")!;
        if (!news.UseAccept(person, templateId)) return CgiBin.Fault(43101, "user refuse to accept the msg");
        return Done(news.Add(new("subscribe", person, templateId, Data(body), CgiBin.Text(body, "page"), null, 0, clock.GetUtcNow())));
    }

    public static IResult List(SentNews news, string? person = null) => Results.Json(news.To(person));

    public static IResult Accept(Accepting accepting, SentNews news)
    {
        news.Accept(accepting.Person, accepting.TemplateId, accepting.Times);
        return Results.NoContent();
    }

    private static IResult Done(long id) => Results.Json(new { errcode = 0, errmsg = "ok", msgid = id });

    private static Dictionary<string, string> Data(JsonElement body) => body.GetProperty("data").EnumerateObject().ToDictionary(field => field.Name, field => CgiBin.Text(field.Value, "value")!);

    private static IResult? Faulty(JsonElement body)
    {
        if (CgiBin.Text(body, "template_id") is not { Length: > 0 }) return CgiBin.Fault(40037, "invalid template_id");
        if (!body.TryGetProperty("data", out var data) || data.ValueKind is not JsonValueKind.Object) return CgiBin.Fault(47003, "argument invalid! data is empty");
        foreach (var field in data.EnumerateObject())
            if (CgiBin.Text(field.Value, "value") is not { Length: > 0 } value || !Takes(field.Name.TrimEnd([.. "0123456789"]), value)) return CgiBin.Fault(47003, $"argument invalid! data.{field.Name}.value invalid");
        return null;
    }

    /// <summary>The table of parameter kinds, as the documentation of subscribe messages has it.</summary>
    private static bool Takes(string kind, string value) => kind switch
    {
        "thing" or "const" => value.Length <= 20,
        "number" => value.Length <= 32 && Number().IsMatch(value),
        "letter" => value.Length <= 32 && value.All(char.IsAsciiLetter),
        "character_string" => value.Length <= 32 && value.All(c => c is >= ' ' and <= '~'),
        "phrase" => value.Length <= 5 && value.All(c => c is >= '\u4e00' and <= '\u9fff'),
        "name" => value.Length <= 10,
        "time" or "date" => Time().IsMatch(value),
        "amount" => Amount().IsMatch(value),
        _ => false,
    };

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)? ?([0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?\z")]
    private static partial Regex Time();

    [GeneratedRegex(@"^[¥￥]?[0-9]{1,10}(\.[0-9]{1,2})?元?\z")]
    private static partial Regex Amount();
}
