using System.Collections.Concurrent;
using System.Text.Json;

namespace ExamPlatform.Sandbox.Sms;

/// <summary>A message the channel accepted for one number.</summary>
public sealed record SentMessage(
    string BizId,
    string Phone,
    string SignName,
    string TemplateCode,
    JsonElement? TemplateParam,
    string? OutId,
    DateTimeOffset At);

/// <summary>Every message accepted since the start, oldest first.</summary>
public sealed class SentMessages
{
    private readonly ConcurrentQueue<SentMessage> all = new();

    public IEnumerable<SentMessage> To(string? phone) => phone is null ? all : all.Where(message => message.Phone == phone);

    public void Add(SentMessage message) => all.Enqueue(message);
}
