using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ExamPlatform.Identities;

/// <summary>What a code sent by SMS opens; it opens nothing else.</summary>
public enum SmsCodePurpose
{
    Register,
    Recover,
    SignIn,

    /// <summary>To a new mobile, by who is signed in.</summary>
    NewMobile,

    /// <summary>Sent by an officer who has looked at the person's document. Nobody can ask for it.</summary>
    Reset,
}

/// <summary>What a person sends back: the code's id and the six digits of the SMS.</summary>
public sealed record SmsProof(Guid Id, string Code);

/// <summary>
/// Six digits on the way to a mobile. They are kept nowhere: they follow from the row's random id under the data key. Who is not known gets a row too, whose code is sent to nobody and never right.
/// </summary>
public sealed class SmsCode
{
    public const int MostTries = 5;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5), LifeOfReset = TimeSpan.FromDays(1);

    public Guid Id { get; private init; }
    public SmsCodePurpose Purpose { get; private init; }

    /// <summary>Whose account it opens; null for registering and for a new mobile, and where nobody was found.</summary>
    public Guid? AccountId { get; private init; }

    public byte[] MobileHash { get; private init; } = [];
    public byte[] SealedMobile { get; private init; } = [];
    public DateTimeOffset IssuedAt { get; private init; }
    public DateTimeOffset ExpiresAt { get; private init; }
    public int Tries { get; private set; }
    public DateTimeOffset? UsedAt { get; private set; }
    public uint Version { get; init; }

    /// <summary>Whether there is somebody to send it to.</summary>
    public bool IsSent => Purpose is SmsCodePurpose.Register or SmsCodePurpose.NewMobile || AccountId is not null;

    public static SmsCode Issue(SmsCodePurpose purpose, Guid? accountId, string mobile, PersonalData data, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(data);
        var id = Guid.NewGuid();
        return new()
        {
            Id = id,
            Purpose = purpose,
            AccountId = accountId,
            MobileHash = Candidate.HashOfMobile(data, mobile),
            SealedMobile = data.SealText(mobile, PlaceOf(id)),
            IssuedAt = now,
            ExpiresAt = now + (purpose is SmsCodePurpose.Reset ? LifeOfReset : Life),
        };
    }

    public string Mobile(PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.OpenText(SealedMobile, PlaceOf(Id));
    }

    public string Digits(PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return (BinaryPrimitives.ReadUInt64BigEndian(data.Hash($"sms code {Purpose}", Id.ToString())) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    public bool IsOver(DateTimeOffset now) => UsedAt is not null || Tries >= MostTries || now >= ExpiresAt;

    /// <summary>A try counts whatever comes of it: save also when refused. The row version lets no two tries pass at once.</summary>
    public Refusal? Use(string typed, PersonalData data, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(typed);
        if (IsOver(now)) return Over;
        Tries++;
        var right = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(DocumentNumber.HalfWidth(typed)), Encoding.UTF8.GetBytes(Digits(data)));
        if (!right || !IsSent) return IsOver(now) ? Over : Wrong;
        UsedAt = now;
        return null;
    }

    public static Refusal Wrong { get; } = new("sms-code-wrong", "These are not the digits of the SMS; compare them and enter them again.");

    private static Refusal Over { get; } = new("sms-code-over", "This code was used, entered wrong too often, or is too old; ask for a new one.");

    private static string PlaceOf(Guid id) => $"sms_codes.sealed_mobile/{id:N}";
}
