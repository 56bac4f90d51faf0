using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Identities.Features;

/// <summary>The registration notice, open to everybody.</summary>
public static class ShowNotice
{
    public static void MapShowNotice(this IEndpointRouteBuilder app) => app.MapGet("/api/identity/notice", Show)
        .AllowAnonymous().WithName("show-registration-notice").WithTags("identity").WithSummary("The registration notice to read and accept.");

    private static Ok<Notice> Show() => TypedResults.Ok(Notice.Current);
}
