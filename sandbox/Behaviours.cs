namespace ExamPlatform.Sandbox;

public enum Channel { WechatPay, Sms, Chsi, DisabilityRegister, IdRegistry, FaceVerification, WeChat, Baidu, Alipay, UnionPay, TencentSms }

public enum Effect
{
    /// <summary>Refuses without doing anything.</summary>
    Fail,

    /// <summary>Does the work, then breaks the connection: the caller cannot know.</summary>
    LoseAnswer,

    /// <summary>Breaks the connection without doing anything.</summary>
    Drop,

    /// <summary>Never answers; ends with the caller's patience.</summary>
    Hang,

    /// <summary>Answers rightly after <see cref="Behaviour.DelaySeconds"/>.</summary>
    Delay,

    /// <summary>Answers with a signature nobody can verify (banks and the registers).</summary>
    WrongSignature,

    /// <summary>Accepts the message; its receipt says it never arrived (SMS only).</summary>
    Undelivered,
}

/// <summary>One instruction to misbehave towards the next <see cref="Times"/> rightly signed requests of a channel.</summary>
/// <param name="OnlyContaining">Restricts it to requests whose target or body contains this text, so that tests side by side do not disturb each other.</param>
/// <param name="Status">For <see cref="Effect.Fail"/>: the HTTP status instead of the channel's usual one.</param>
/// <param name="Code">For <see cref="Effect.Fail"/>: the channel's error code instead of its usual one.</param>
public sealed record Behaviour(
    Channel Channel,
    Effect Effect,
    int Times = 1,
    string? OnlyContaining = null,
    double DelaySeconds = 0,
    int? Status = null,
    string? Code = null,
    string? Message = null);

public sealed class Behaviours
{
    private readonly Lock gate = new();
    private readonly List<Behaviour> pending = [];

    public IReadOnlyList<Behaviour> Pending
    {
        get { lock (gate) return [.. pending]; }
    }

    public void Add(Behaviour behaviour)
    {
        lock (gate) pending.Add(behaviour);
    }

    public void Clear()
    {
        lock (gate) pending.Clear();
    }

    /// <summary>The oldest instruction that applies, used up by one.</summary>
    public Behaviour? Take(Channel channel, string request)
    {
        lock (gate)
        {
            var index = pending.FindIndex(b => b.Channel == channel && (b.OnlyContaining is not { } text || request.Contains(text, StringComparison.Ordinal)));
            if (index < 0) return null;
            var taken = pending[index];
            if (taken.Times > 1) pending[index] = taken with { Times = taken.Times - 1 };
            else pending.RemoveAt(index);
            return taken;
        }
    }
}
