using System.Text.Json;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Layout;
using ExamPlatform.Web.Pages.Candidate;
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
        app.MapPost("/session/code", SendCode).WithMetadata(token);
        app.MapPost("/session/passkey", SignInByPasskey).WithMetadata(token);
        app.MapPost("/session/passkey/ceremony", BeginPasskey).WithMetadata(token);
        app.MapPost("/session/end", SignOut).WithMetadata(token);
        app.MapGet("/uploads/{id:guid}", Open).RequireAuthorization();
        app.MapUploadParts();
        app.MapGet("/office/exports/{id:guid}/work.{format}", Office.Export.WorkList).RequireAuthorization("officer");
        app.MapGet("/applications/{id:guid}/submissions/{version:int}/receipt", Candidate.Receipt.Download).RequireAuthorization("candidate");
        app.MapGet("/receipts/{id:guid}", Candidate.PaymentReceipt.Read).RequireAuthorization("candidate");
        app.MapGet("/receipts/{id:guid}.pdf", Candidate.PaymentReceipt.Print).RequireAuthorization("candidate");
        app.MapGet("/applications/{id:guid}/submissions/{version:int}/form", Candidate.PrintedForm.Read).RequireAuthorization("candidate");
        app.MapGet("/applications/{id:guid}/submissions/{version:int}/form.pdf", Candidate.PrintedForm.Print).RequireAuthorization("candidate");
        app.MapPost("/payments/returned/{fee:guid}", Candidate.ReturnFromBank.Again).AllowAnonymous();
        app.MapGet("/payments/returned/{fee:guid}", Candidate.ReturnFromBank.Arrive).RequireAuthorization("candidate");
        app.MapPost("/settings/data/file", Account.OwnDataFile.Download).RequireAuthorization("candidate").WithMetadata(token);
        app.MapGet("/announcements.atom", Public.Feed.Read).AllowAnonymous();
        app.MapGet("/articles/{id:guid}/files/{document:guid}", Public.ArticleFiles.Download).AllowAnonymous();
        app.MapGet("/receipt-keys", Candidate.Receipt.Keys).AllowAnonymous();
        app.MapPost("/register/check", Public.CheckRegistration.Check).WithMetadata(token);
        app.MapPost("/profile/{code}/check", Candidate.CheckProfile.Check).RequireAuthorization("candidate").WithMetadata(token);
        app.MapPost("/applications/{id:guid}/steps/{code}/autosave", Candidate.Autosave.Save).RequireAuthorization("candidate").WithMetadata(token);
    }

    private static async Task<IResult> SignIn(HttpContext context, Gateway gateway, FormKeeper keeper, TimeProvider clock)
    {
        var form = context.Request.Form;
        var (who, name) = (form["who"].ToString().Trim(), form["name"].ToString().Trim());
        var (challenge, nonce) = (form["challenge"].ToString(), form["nonce"].ToString());
        var reply = await gateway.Post<Tokens>("/api/identity/sessions", new
        {
            who,
            name = name.Length > 0 ? name : null,
            password = form["password"].ToString(),
            secondFactor = form["secondFactor"].ToString().Trim() is { Length: > 0 } factor ? factor : null,
            work = nonce.Length > 0 ? new { challenge, nonce } : null,
            smsCode = Guid.TryParse(form["codeId"], out var codeId) && form["smsCode"].ToString().Trim() is { Length: > 0 } digits ? new { id = codeId, code = digits } : null,
        });
        return reply.Problem is { } problem ? await Again(form, problem, codeId == Guid.Empty ? null : codeId, gateway) : await Arrive(context, reply.Value!, gateway, keeper, clock);
    }

    private static async Task<IResult> SignInByPasskey(HttpContext context, Gateway gateway, FormKeeper keeper, TimeProvider clock)
    {
        var form = context.Request.Form;
        object credential;
        try
        {
            credential = JsonElement.Parse(form["credential"].ToString());
        }
        catch (JsonException)
        {
            credential = new { }; // nothing came of it: the platform says so
        }
        var reply = await gateway.Post<Tokens>("/api/identity/sessions/passkey", new { ceremony = form["ceremony"].ToString(), credential });
        return reply.Problem is { } problem ? await Again(form, problem, null, gateway) : await Arrive(context, reply.Value!, gateway, keeper, clock);
    }

    private static async Task<IResult> BeginPasskey(Gateway gateway)
    {
        var reply = await gateway.Post<PasskeyOrder>("/api/identity/passkeys/ceremonies", new { });
        return reply.Problem is { } problem ? TypedResults.StatusCode(problem.Status) : TypedResults.Json(reply.Value);
    }

    /// <summary>Back to what was to be done, with the form as it was.</summary>
    private static async Task<IResult> Arrive(HttpContext context, Tokens tokens, Gateway gateway, FormKeeper keeper, TimeProvider clock)
    {
        var (kept, returnTo) = (keeper.Open(context.Request.Form["kept"]), context.Request.Form["return"].ToString());
        context.User = await SignedInPerson.SignIn(context, tokens, clock);
        await Display.Follow(gateway, context.Response);
        if (kept is not null)
            return new RazorComponentResult<KeptPage>(new Dictionary<string, object?> { [nameof(KeptPage.Reason)] = KeptPage.Why.Back, [nameof(KeptPage.Kept)] = kept });
        return TypedResults.Redirect(IsOwn(returnTo) ? returnTo : context.User.Start());
    }

    /// <summary>Without script the digits of an SMS take the place of the work.</summary>
    private static async Task<IResult> SendCode(HttpContext context, Gateway gateway)
    {
        var form = context.Request.Form;
        var reply = await gateway.Post<IssuedSmsCode>("/api/identity/sms-codes", new { purpose = "signIn", mobile = form["mobile"].ToString().Trim(), who = form["who"].ToString().Trim() });
        return await Again(form, reply.Problem, reply.Value?.CodeId, gateway);
    }

    /// <summary>The sign-in page with what was typed, and with work for the script: the next attempt may be asked for it.</summary>
    private static async Task<IResult> Again(IFormCollection form, Problem? problem, Guid? codeId, Gateway gateway) => new RazorComponentResult<SignInPage>(new Dictionary<string, object?>
    {
        [nameof(SignInPage.Problem)] = problem,
        [nameof(SignInPage.Kept)] = form["kept"].ToString() is { Length: > 0 } still ? still : null,
        [nameof(SignInPage.Return)] = form["return"].ToString(),
        [nameof(SignInPage.Who)] = form["who"].ToString().Trim(),
        [nameof(SignInPage.Name)] = form["name"].ToString().Trim(),
        [nameof(SignInPage.CodeId)] = codeId,
        [nameof(SignInPage.Order)] = problem?.Code is "invalid-input" && form["challenge"].Count == 0 ? null : (await gateway.Get<WorkOrder>("/api/identity/sign-in/challenge")).Value,
    })
    { StatusCode = problem is null ? StatusCodes.Status200OK : problem.Status == StatusCodes.Status423Locked ? StatusCodes.Status423Locked : StatusCodes.Status422UnprocessableEntity };

    private static async Task<RedirectHttpResult> SignOut(HttpContext context, Gateway gateway)
    {
        await SignedInPerson.End(gateway);
        await context.SignOutAsync();
        return TypedResults.Redirect("/");
    }

    private static async Task Open(Guid id, HttpContext context, Gateway gateway)
    {
        using var content = await gateway.OpenUpload($"{id}");
        if (!content.IsSuccessStatusCode) throw new NotHereException();
        var headers = context.Response.Headers;
        (headers.ContentType, headers.ContentDisposition, headers.CacheControl) = (content.Content.Headers.ContentType?.ToString(), "inline", "private, no-store");
        await content.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>Only an address of this site is gone back to.</summary>
    internal static bool IsOwn(string address) => address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal) && !address.StartsWith("/\\", StringComparison.Ordinal) && !address.StartsWith("/session", StringComparison.Ordinal);
}
