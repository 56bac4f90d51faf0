using Microsoft.AspNetCore.DataProtection;

namespace ExamPlatform.Web.Sessions;

/// <summary>A face verification that this browser's person has begun, as identity answered it.</summary>
/// <param name="Secret">It leaves this process only encrypted.</param>
/// <param name="Address">The provider's page.</param>
/// <param name="Who">The document number that was typed.</param>
public sealed record WaitingFace(Guid FaceId, string Secret, Uri Address, DateTimeOffset ExpiresAt, string Who = "");

/// <summary>Keeps it in an encrypted cookie while the person is at the provider's page.</summary>
public sealed class WaitingFaces(IDataProtectionProvider protection, TimeProvider clock) : WaitingCookie<WaitingFace>(protection, clock, "exam-face", "waiting-face", face => face.ExpiresAt)
{
    public const string Page = "/recover/face";
}
