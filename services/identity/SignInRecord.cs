namespace ExamPlatform.Identities;

public enum SignInResult
{
    Registered,
    SignedIn,
    WrongPassword,
    UnknownAccount,
    LockedOut,
    SignedOut,
    TokenReused,
    PasswordChanged,
    Recovered,
    RecoveryFailed,
    SecondFactorWanted,
    WrongSecondFactor,

    /// <summary>The password of an officer whose only second factor is a passkey: it signs in by itself.</summary>
    PasskeyWanted,

    MobileReplaced,

    /// <summary>The right password, but one that was made for the person and has lain too long.</summary>
    FirstPasswordOver,
    Bound,
    Unbound,
}

/// <summary>Who tried to sign in, when, from where, and what came of it. Rows are only added.</summary>
public sealed class SignInRecord
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Null when there is no such account.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>Keyed hash of the user name or document number as typed: groups the attempts on an account that does not exist.</summary>
    public byte[]? TypedHash { get; init; }

    public DateTimeOffset At { get; init; }
    public required string Address { get; init; }
    public SignInResult Result { get; init; }

    /// <summary>The client's address: behind the gateway the one it forwards.</summary>
    public static string AddressOf(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Connection.RemoteIpAddress?.ToString() ?? "";
    }
}
