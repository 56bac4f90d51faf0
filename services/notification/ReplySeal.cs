using System.Text.Json;

namespace ExamPlatform.Notifications;

/// <summary>A reply as the gateway told it.</summary>
public sealed record ReplyContent(string Mobile, string Content)
{
    public override string ToString() => nameof(ReplyContent); // a record would print the mobile
}

/// <summary>Keeps replies unreadable while they wait, each bound to its id.</summary>
public sealed class ReplySeal(Seals seals)
{
    public byte[] Seal(Guid id, ReplyContent content) => seals.Seal(JsonSerializer.SerializeToUtf8Bytes(content), Place(id));

    /// <exception cref="InvalidOperationException">It was sealed under another key, for another reply, or tampered with.</exception>
    public ReplyContent Open(Guid id, ReadOnlySpan<byte> whole) => JsonSerializer.Deserialize<ReplyContent>(seals.Open(whole, Place(id)))!;

    private static string Place(Guid id) => $"sms_replies.sealed/{id:N}";
}
