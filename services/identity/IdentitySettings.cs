using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>The section <c>Identity</c> of the configuration.</summary>
public sealed class IdentitySettings
{
    public const string Section = "Identity";

    /// <summary>32 bytes, base64: everything personal and the signing keys are encrypted under it. Losing it loses them.</summary>
    [Required(ErrorMessage = "Set Identity__DataKey to 32 random bytes in base64: the AppHost generates it at first run.")]
    public string DataKey { get; set; } = "";

    [Required, ValidateObjectMembers]
    public PasswordRule PasswordRule { get; set; } = new();

    [ValidateObjectMembers]
    public LockOutSettings LockOut { get; set; } = new();

    [ValidateObjectMembers]
    public PasswordWorkSettings PasswordWork { get; set; } = new();

    [ValidateObjectMembers]
    public ChallengeSettings Challenge { get; set; } = new();

    [ValidateObjectMembers]
    public SmsCodeSettings SmsCodes { get; set; } = new();

    public PasskeySettings Passkeys { get; set; } = new();

    /// <summary>For so long a request to delete an account can be taken back before anything is done.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "60.00:00:00")]
    public TimeSpan CoolingOff { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Whether registering asks for a code sent to the mobile (FJ).</summary>
    public bool SmsCodeToRegister { get; set; }

    /// <summary>What people register as (身份类型), code and title: <c>Identity__IdentityTypes__resident=住院医师</c>. Empty: it is not asked.</summary>
    public Dictionary<string, string> IdentityTypes { get; set; } = [];

    /// <summary>Whether an officer without an authenticator app or passkey may do nothing but set one up. Who has an app is asked for it in any case; who has a passkey alone signs in by it.</summary>
    public bool SecondFactorForOfficers { get; set; }

    /// <summary>An unused refresh token is good for this long.</summary>
    public TimeSpan RefreshTokenLife { get; set; } = TimeSpan.FromHours(12);

    /// <summary>However often it is refreshed, a session ends after this long.</summary>
    public TimeSpan SessionLife { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Networks (CIDR) whose X-Forwarded-For is believed, beside the machine itself: where the gateway stands.</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>Development only: the password of the ready-made people; without it there are none.</summary>
    public string? ReadyMadePassword { get; set; }
}

public sealed class LockOutSettings
{
    /// <summary>So many wrong passwords in a row lock the account.</summary>
    [Range(2, 100)]
    public int Failures { get; set; } = 5;

    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Wrong passwords older than this are forgotten.</summary>
    public TimeSpan Memory { get; set; } = TimeSpan.FromDays(1);
}

/// <summary>Hashing a password costs about 250 ms of a core: more at once only makes everybody wait.</summary>
public sealed class PasswordWorkSettings
{
    /// <summary>Of PBKDF2 with HMAC-SHA512 (OWASP: 210,000 or more). A hash of fewer is made anew when its owner signs in.</summary>
    [Range(100_000, 10_000_000)]
    public int Iterations { get; set; } = 210_000;

    /// <summary>0: as many as there are cores.</summary>
    [Range(0, 1000)]
    public int AtOnce { get; set; }

    /// <summary>So many wait for their turn; whoever comes after them is asked to come again.</summary>
    [Range(0, 10_000)]
    public int Waiting { get; set; } = 40;
}

/// <summary>How many codes may be asked for: an SMS costs money, and is a nuisance to who did not ask for it.</summary>
public sealed class SmsCodeSettings
{
    /// <summary>Between two codes to one mobile.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>To one mobile.</summary>
    [Range(1, 100)]
    public int PerHour { get; set; } = 5;

    /// <summary>To one mobile, and about one account.</summary>
    [Range(1, 1000)]
    public int PerDay { get; set; } = 10;

    /// <summary>A training school's whole class may share one address.</summary>
    [Range(1, 10_000)]
    public int PerAddressAndHour { get; set; } = 120;
}

[OptionsValidator]
internal sealed partial class IdentitySettingsValidator : IValidateOptions<IdentitySettings>;
