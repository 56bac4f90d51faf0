using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace ExamPlatform.Identities;

public enum DeviceSignInState
{
    Asked,
    Approved,
    Refused,

    /// <summary>The device has its session, or the approval was taken back.</summary>
    Ended,
}

/// <summary>
/// A device without a keyboard of one's own asks to be signed in by the candidate's phone, after RFC 8628. The device holds a secret; the person sees a code, as picture and as digits.
/// </summary>
public sealed class DeviceSignIn
{
    /// <summary>From asking to the session: who takes longer asks again.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>So many digits; at five minutes a life and the gateway's limits nobody meets another's by trying.</summary>
    public const int CodeLength = 8;

    private const int LongestAgent = 200;

    public Guid Id { get; init; }
    public byte[] SecretHash { get; init; } = [];

    /// <summary>Shown on the device, read or scanned with the phone.</summary>
    public required string Code { get; init; }

    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>Whence it asked, for the person to recognize.</summary>
    public required string Address { get; init; }

    /// <summary>What the browser calls itself; empty where it does not say.</summary>
    public required string Agent { get; init; }

    public DeviceSignInState State { get; private set; }

    /// <summary>Who approved or refused it.</summary>
    public Guid? AccountId { get; private set; }

    public uint Version { get; init; }

    /// <returns>What is kept, and the secret that only the device gets.</returns>
    public static (DeviceSignIn Kept, string Secret) Ask(string address, string agent, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(agent);
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var code = RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);
        return (new() { Id = Guid.CreateVersion7(), SecretHash = RefreshToken.HashOf(secret), Code = code, AskedAt = now, EndsAt = now + Life, Address = address, Agent = agent[..Math.Min(agent.Length, LongestAgent)] }, secret);
    }

    /// <summary>Whether somebody can still say yes or no to it.</summary>
    public bool Waits(DateTimeOffset now) => State == DeviceSignInState.Asked && now < EndsAt;

    /// <summary>Said once: neither a second person nor a second thought changes it.</summary>
    public Refusal? Decide(Guid accountId, bool approve, DateTimeOffset now)
    {
        if (!Waits(now)) return Over();
        (AccountId, State) = (accountId, approve ? DeviceSignInState.Approved : DeviceSignInState.Refused);
        return null;
    }

    /// <summary>The device takes its session, once.</summary>
    public Refusal? Take(DateTimeOffset now)
    {
        if (Waits(now)) return new("device-sign-in-waits", "Nobody has approved this device yet; ask again in some seconds.");
        if (State == DeviceSignInState.Refused) return new("device-sign-in-refused", "The person refused to sign this device in.");
        if (State != DeviceSignInState.Approved || now >= EndsAt) return Over();
        State = DeviceSignInState.Ended;
        return null;
    }

    /// <summary>The approval is taken back, because the person's password was replaced.</summary>
    public void End() => State = DeviceSignInState.Ended;

    private static Refusal Over() => new("device-sign-in-over", "This code is used up or too old; ask for a new one.");
}
