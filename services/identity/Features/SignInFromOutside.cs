using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>Signing in with a WeChat or Baidu account that is bound: by scanning at the website, within WeChat, or in a mini-program. The session is the one that a password begins; officers have none this way.</summary>
public static partial class SignInFromOutside
{
    private const int LongestCode = 512;

    /// <summary>Where the code was given.</summary>
    public enum OutsideApp { WeChatWebsite, WeChatAccount, WeChatMiniProgram, BaiduMiniProgram }

    public sealed record Given(OutsideApp App, string Code);

    /// <param name="Address">Where the person's browser goes; it comes back to /sign-in/wechat of the web front end with a code and the state.</param>
    public sealed record Way(string Address);

    /// <summary>The page of the web front end that the browser comes back to.</summary>
    private const string PageAfter = "/sign-in/wechat";

    public static void MapSignInFromOutside(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/identity/sessions/wechat", Show).AllowAnonymous().WithName("ask-wechat-sign-in").WithTags("identity")
            .WithSummary("The address at which a person agrees to sign in with WeChat. The state is the front end's own: 32 to 100 letters, digits, - and _, bound to the browser, compared on return.").Produces<Way>().ProducesProblem(400);
        app.MapPost("/api/identity/sessions/outside", Enter).AllowAnonymous().WithName("sign-in-from-outside").WithTags("identity").WithSummary("Sign in with the code that a bound WeChat or Baidu account gave.")
            .Produces<SignedIn>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(401).ProducesProblem(409).ProducesProblem(423);
    }

    private static IResult Show(string state, IOptions<WeChatSettings> settings, bool within = false) => State().IsMatch(state) ? TypedResults.Ok(new Way(settings.Value.Ask(within, PageAfter, state)))
        : new Faults().Add(true, "state", "bad-state", "32 to 100 letters, digits, - and _ that cannot be guessed.").ToProblem();

    private static async Task<IResult> Enter(Given given, IdentityDb db, PersonalData data, Bindings bindings, IWeChat weChat, IBaidu baidu, LockOut lockOut, Tokens tokens, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (given.Code.Length is 0 or > LongestCode) return OutsideAnswer.CodeOver.Refusal!.ToProblem();
        var kind = given.App is OutsideApp.BaiduMiniProgram ? BindingKind.Baidu : BindingKind.WeChat;
        var answer = given.App switch
        {
            OutsideApp.WeChatWebsite => await weChat.WhoAsync(WeChatApp.Website, given.Code, ct),
            OutsideApp.WeChatAccount => await weChat.WhoAsync(WeChatApp.Account, given.Code, ct),
            OutsideApp.WeChatMiniProgram => await weChat.WhoAsync(WeChatApp.MiniProgram, given.Code, ct),
            _ => await baidu.WhoAsync(given.Code, ct),
        };
        if (answer.Person is not { } person) return answer.Refusal!.ToProblem();
        var (account, now) = (await bindings.Whose(kind, person, ct), clock.GetUtcNow());
        var locked = account is null ? null : await lockOut.Until(account.LockKey(data), now, ct);
        db.SignIns.Add(new()
        {
            AccountId = account?.Id,
            TypedHash = account is null ? Binding.HashOf(data, kind, person.Id) : null,
            At = now,
            Address = SignInRecord.AddressOf(http),
            Result = account is null ? SignInResult.UnknownAccount : locked is null ? SignInResult.SignedIn : SignInResult.LockedOut,
        });
        var signedIn = account is null || locked is not null ? null : await tokens.Start(account, ct);
        if (account is not null) await bindings.Learn(account.Id, kind, person, ct);
        await db.SaveChangesAsync(ct);
        if (locked is { } end) return LockOut.Locked(end, clock, http);
        if (signedIn is null) return Problems.Of(StatusCodes.Status401Unauthorized, "outside-not-bound", "No candidate has bound this account: sign in with the password once, and bind it.");
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, signedIn);
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{32,100}\z")]
    private static partial Regex State();
}
