using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChatPay;

/// <summary>One try to deliver a callback and what came back.</summary>
public sealed record CallbackAttempt(
    string Kind,
    string EventId,
    string OutTradeNo,
    string Url,
    DateTimeOffset At,
    int? Status,
    string Answer,
    string? Fault,
    bool Acknowledged);

/// <summary>Sends callbacks, resends unanswered ones by the real schedule (scaled), and keeps the record.</summary>
public sealed class Callbacks(Platform platform, AnswerSignature signature, IOptions<WeChatPayOptions> options, TimeProvider clock)
{
    /// <summary>15 s/15 s/30 s/3 m/10 m/20 m/30 m/30 m/30 m/60 m/3 h/3 h/3 h/6 h/6 h, then never again: the merchant must query.</summary>
    public static readonly IReadOnlyList<TimeSpan> Schedule =
        [.. new[] { 15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    private readonly ConcurrentQueue<CallbackAttempt> attempts = new();
    private readonly ConcurrentDictionary<string, Notification> sent = new();

    public IReadOnlyCollection<CallbackAttempt> Attempts => attempts;

    public Notification? LastOf(string outTradeNo) => sent.GetValueOrDefault(outTradeNo);

    /// <summary>Keeps the notification so that it can be sent, now or by a later resend: a payment's under its order number, a refund's under its own.</summary>
    public void Keep(Notification notification, string? number = null) => sent[number ?? notification.OutTradeNo] = notification;

    public void Deliver(Notification notification, int repeat, bool parallel, TimeSpan delay) => platform.InBackground(async () =>
    {
        await platform.Wait(delay);
        if (await Copies(notification, repeat, parallel)) return;
        await platform.Repeat(Schedule.Select(wait => wait * options.Value.ResendScale), () => Attempt("success", notification, notification.Body, signature.For(notification.Body)));
    });

    public async Task<PlatformAnswer> Attempt(string kind, Notification notification, string body, Dictionary<string, string> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, notification.Url) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        request.Headers.UserAgent.ParseAdd("Mozilla/4.0");
        request.Headers.Accept.ParseAdd("*/*");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var at = clock.GetUtcNow();
        var answer = await platform.Post(request);
        attempts.Enqueue(new(kind, notification.EventId, notification.OutTradeNo, notification.Url, at, answer.Status, answer.Body, answer.Fault, answer.Acknowledged));
        return answer;
    }

    private async Task<bool> Copies(Notification notification, int repeat, bool parallel)
    {
        var answers = new List<PlatformAnswer>();
        if (parallel) answers.AddRange(await Task.WhenAll(Enumerable.Range(0, repeat).Select(_ => Once())));
        else for (var copy = 0; copy < repeat; copy++) answers.Add(await Once());
        return answers.Any(answer => answer.Acknowledged);

        Task<PlatformAnswer> Once() => Attempt("success", notification, notification.Body, signature.For(notification.Body));
    }
}
