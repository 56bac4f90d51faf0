using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Layout;
using ExamPlatform.Web.Sessions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Web.Pages;

/// <summary>Addresses that are no pages: signing in and out, and the content of uploads.</summary>
public static class Content
{
    public static void MapContent(this IEndpointRouteBuilder app)
    {
        var token = new RequireAntiforgeryTokenAttribute();
        app.MapPost("/session", SignIn).WithMetadata(token);
        app.MapPost("/session/end", SignOut).WithMetadata(token);
        app.MapGet("/uploads/{id:guid}", Open).RequireAuthorization();
        app.MapGet("/office/exports/{id:guid}/work.{format}", Office.Export.WorkList).RequireAuthorization("officer");
        app.MapGet("/applications/{id:guid}/submissions/{version:int}/receipt", Candidate.Receipt.Download).RequireAuthorization("candidate");
        app.MapGet("/applications/{id:guid}/submissions/{version:int}/form", Candidate.PrintedForm.Read).RequireAuthorization("candidate");
        app.MapGet("/applications/{id:guid}/submissions/{version:int}/form.pdf", Candidate.PrintedForm.Print).RequireAuthorization("candidate");
        app.MapPost("/settings/data/file", Account.OwnDataFile.Download).RequireAuthorization("candidate").WithMetadata(token);
        app.MapGet("/receipt-keys", Candidate.Receipt.Keys).AllowAnonymous();
        app.MapPost("/register/check", Public.CheckRegistration.Check).WithMetadata(token);
        app.MapPost("/profile/{code}/check", Candidate.CheckProfile.Check).RequireAuthorization("candidate").WithMetadata(token);
        app.MapPost("/applications/{id:guid}/steps/{code}/autosave", Candidate.Autosave.Save).RequireAuthorization("candidate").WithMetadata(token);
    }

    private static async Task<IResult> SignIn(HttpContext context, Gateway gateway, FormKeeper keeper, TimeProvider clock)
    {
        var form = context.Request.Form;
        var (who, name, kept, returnTo) = (form["who"].ToString().Trim(), form["name"].ToString().Trim(), keeper.Open(form["kept"]), form["return"].ToString());
        var reply = await gateway.Post<Tokens>("/api/identity/sessions", new { who, name = name.Length > 0 ? name : null, password = form["password"].ToString() });
        if (reply.Problem is { } problem)
            return new RazorComponentResult<SignInPage>(new Dictionary<string, object?>
            {
                [nameof(SignInPage.Problem)] = problem,
                [nameof(SignInPage.Kept)] = form["kept"].ToString() is { Length: > 0 } still ? still : null,
                [nameof(SignInPage.Return)] = returnTo,
                [nameof(SignInPage.Who)] = who,
                [nameof(SignInPage.Name)] = name,
            })
            { StatusCode = problem.Status == StatusCodes.Status423Locked ? StatusCodes.Status423Locked : StatusCodes.Status422UnprocessableEntity };
        context.User = await SignedInPerson.SignIn(context, reply.Value!, clock);
        await Display.Follow(gateway, context.Response);
        if (kept is not null)
            return new RazorComponentResult<KeptPage>(new Dictionary<string, object?> { [nameof(KeptPage.Reason)] = KeptPage.Why.Back, [nameof(KeptPage.Kept)] = kept });
        return TypedResults.Redirect(IsOwn(returnTo) ? returnTo : context.User.Start());
    }

    private static async Task<RedirectHttpResult> SignOut(HttpContext context, Gateway gateway)
    {
        try
        {
            await gateway.Delete<Nothing>("/api/identity/sessions/current");
        }
        catch (Exception e) when (e is GatewayAwayException or SignedOutException)
        {
            // the cookie goes all the same; the tokens in it end by themselves
        }
        await context.SignOutAsync();
        return TypedResults.Redirect("/");
    }

    private static async Task Open(Guid id, HttpContext context, Gateway gateway)
    {
        using var content = await gateway.Open($"/api/documents/{id}/content");
        if (!content.IsSuccessStatusCode) throw new NotHereException();
        var headers = context.Response.Headers;
        (headers.ContentType, headers.ContentDisposition, headers.CacheControl) = (content.Content.Headers.ContentType?.ToString(), "inline", "private, no-store");
        await content.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>Only an address of this site is gone back to.</summary>
    private static bool IsOwn(string address) => address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal) && !address.StartsWith("/\\", StringComparison.Ordinal) && !address.StartsWith("/session", StringComparison.Ordinal);
}
