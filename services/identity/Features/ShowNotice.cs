using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>The registration notice, open to everybody.</summary>
public static class ShowNotice
{
    /// <param name="SmsCode">Whether registering asks for a code sent to the mobile.</param>
    /// <param name="IdentityTypes">What one of them registers as; empty: it is not asked.</param>
    public sealed record RegistrationNotice(string Version, string Text, bool SmsCode, IReadOnlyList<IdentityType> IdentityTypes);

    public static void MapShowNotice(this IEndpointRouteBuilder app) => app.MapGet("/api/identity/notice", Show)
        .AllowAnonymous().WithName("show-registration-notice").WithTags("identity").WithSummary("The registration notice to read and accept.");

    private static Ok<RegistrationNotice> Show(IOptions<IdentitySettings> settings) => TypedResults.Ok(new RegistrationNotice(Notice.Current.Version, Notice.Current.Text, settings.Value.SmsCodeToRegister, IdentityType.All(settings.Value)));
}
