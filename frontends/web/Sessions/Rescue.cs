using System.Globalization;
using ExamPlatform.Web.Components;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Layout;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Web.Sessions;

/// <summary>What went wrong becomes a page that says what to do, and that holds what was typed.</summary>
public sealed class Rescue : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case GatewayAwayException away:
                httpContext.Response.Headers.RetryAfter = ((int)away.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                await Show(httpContext, StatusCodes.Status503ServiceUnavailable, KeptPage.Why.Away);
                return true;
            case SignedOutException:
                await httpContext.SignOutAsync();
                await httpContext.ChallengeAsync();
                return true;
            case FormGoneException gone:
                httpContext.Response.Redirect(gone.Address);
                return true;
            case NotHereException:
                httpContext.Response.StatusCode = StatusCodes.Status404NotFound;
                return true;
            case NotAllowedException:
                httpContext.Response.StatusCode = StatusCodes.Status403Forbidden;
                return true;
            default:
                return false;
        }
    }

    /// <summary>A form from a page that is too old, or was opened before signing in, comes back with a fresh token instead of a bare 400.</summary>
    public static async Task FreshToken(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } && await KeptForm.Of(context) is not null) await Show(context, StatusCodes.Status400BadRequest, KeptPage.Why.Old);
        else await next(context);
    }

    public static async Task Show(HttpContext context, int status, KeptPage.Why why, KeptForm? kept = null)
    {
        kept ??= await KeptForm.Of(context);
        await new RazorComponentResult<KeptPage>(new Dictionary<string, object?> { [nameof(KeptPage.Reason)] = why, [nameof(KeptPage.Kept)] = kept }) { StatusCode = status }.ExecuteAsync(context);
    }
}
