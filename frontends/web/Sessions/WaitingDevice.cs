using Microsoft.AspNetCore.DataProtection;

namespace ExamPlatform.Web.Sessions;

/// <summary>This browser's asking to be signed in by a phone, as identity answered it.</summary>
/// <param name="DeviceCode">The secret; it leaves this process only encrypted.</param>
/// <param name="UserCode">Eight digits, for the person.</param>
public sealed record WaitingDevice(string DeviceCode, string UserCode, DateTimeOffset EndsAt, int PollSeconds)
{
    /// <summary>In groups of four, as they are read out.</summary>
    public string Digits => $"{UserCode[..4]} {UserCode[4..]}";
}

/// <summary>Keeps it in an encrypted cookie, no longer than the code lives.</summary>
public sealed class WaitingDevices(IDataProtectionProvider protection, TimeProvider clock) : WaitingCookie<WaitingDevice>(protection, clock, "exam-device", "waiting-device", device => device.EndsAt)
{
    public const string Page = "/sign-in/scan";
}
