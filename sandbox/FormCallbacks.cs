using System.Collections.Concurrent;

namespace ExamPlatform.Sandbox;

/// <summary>One callback's content as a signed form: however often it is sent, its fields stay the same.</summary>
public sealed record FormNotification(string EventId, string OutTradeNo, string Url, IReadOnlyDictionary<string, string> Fields);

/// <summary>One try to deliver a form and what came back.</summary>
public sealed record FormAttempt(string Kind, string EventId, string OutTradeNo, string Url, DateTimeOffset At, int? Status, string Answer, string? Fault, bool Acknowledged);

/// <summary>Sends signed forms, resends unanswered ones by the bank's schedule (scaled), and keeps the record.</summary>
/// <param name="schedule">The waits between tries, after which there is none any more.</param>
/// <param name="acknowledges">What the bank takes for an answer.</param>
public abstract class FormCallbacks(Platform platform, TimeProvider clock, IReadOnlyList<TimeSpan> schedule, double scale, Func<PlatformAnswer, bool> acknowledges)
{
    private readonly ConcurrentQueue<FormAttempt> attempts = new();
    private readonly ConcurrentDictionary<string, FormNotification> sent = new();

    public IReadOnlyCollection<FormAttempt> Attempts => attempts;

    public FormNotification? LastOf(string outTradeNo) => sent.GetValueOrDefault(outTradeNo);

    /// <summary>Keeps the notification so that it can be sent, now or by a later resend.</summary>
    public void Keep(FormNotification notification) => sent[notification.OutTradeNo] = notification;

    public void Deliver(FormNotification notification, int repeat = 1, bool parallel = false, TimeSpan delay = default) => platform.InBackground(async () =>
    {
        await platform.Wait(delay);
        if (await Copies(notification, repeat, parallel)) return;
        foreach (var wait in schedule)
        {
            await platform.Wait(wait * scale);
            if (acknowledges(await Attempt("success", notification))) return;
        }
    });

    public async Task<PlatformAnswer> Attempt(string kind, FormNotification notification)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, notification.Url) { Content = new FormUrlEncodedContent(notification.Fields) };
        var at = clock.GetUtcNow();
        var answer = await platform.Post(request);
        attempts.Enqueue(new(kind, notification.EventId, notification.OutTradeNo, notification.Url, at, answer.Status, answer.Body, answer.Fault, acknowledges(answer)));
        return answer;
    }

    private async Task<bool> Copies(FormNotification notification, int repeat, bool parallel)
    {
        if (parallel) return (await Task.WhenAll(Enumerable.Range(0, repeat).Select(_ => Attempt("success", notification)))).Any(acknowledges);
        var any = false;
        for (var copy = 0; copy < repeat; copy++) any |= acknowledges(await Attempt("success", notification));
        return any;
    }
}
