using ExamPlatform.Sandbox.WeChat;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Control;

/// <summary>Plays people with a phone: they scan, follow, write, leave, agree to sign in, open the mini-programs.</summary>
public static class PlayWeChat
{
    public enum Deed { Scan, Follow, Unfollow, Say }

    /// <param name="Person">A name; whoever is named exists.</param>
    /// <param name="Value">What is scanned (the code's address, its ticket or its scene), or what is written.</param>
    /// <param name="Copies">How many of the one message go out side by side.</param>
    /// <param name="At">The message's CreateTime, where it is not to be now.</param>
    /// <param name="Forgery">A message that is not to be believed.</param>
    public sealed record Act(string Person, Deed Deed, string? Value = null, int Copies = 1, DateTimeOffset? At = null, EventForgery? Forgery = null);

    /// <param name="Address">Of qrconnect or oauth2/authorize, as the platform made it.</param>
    public sealed record Agreement(string Person, Uri Address, bool Refuse = false);

    public sealed record Opening(string Person);

    public static async Task<IResult> Handle(Act act, WeChatWorld world, Events events)
    {
        if (!events.HaveAddress) return Results.Problem($"{WeChatOptions.Section}:CallbackUrl is not set: nobody would hear of it.", statusCode: 409);
        if (act.Copies is < 1 or > 20) return Results.Problem("copies must be 1 to 20.", statusCode: 400);
        if (act.Deed is not Deed.Scan) return Results.Ok(await (act.Deed is Deed.Say ? events.Say(act.Person, act.Value ?? "", act.Copies, act.At, act.Forgery) : events.Follow(act.Person, act.Deed is Deed.Follow, act.Copies, act.At, act.Forgery)));
        return world.FindScene((act.Value ?? "").Split('/')[^1]) is { } scene ? Results.Ok(await events.Scan(act.Person, scene, act.Copies, act.At, act.Forgery)) : Results.Problem("There is no such code, or its time is over.", statusCode: 404);
    }

    public static IEnumerable<SentEvent> List(Events events, string? person = null) => events.Sent.Where(sent => person is null || sent.Person == person);

    public static IResult Agree(Agreement agreement, WeChatWorld world, IOptions<WeChatOptions> options) => Connect.Asked.Of(agreement.Address, options.Value) is { } asked
        ? Results.Ok(new { redirect = asked.Answer(agreement.Person, agreement.Refuse, world) }) : Results.Problem("WeChat would say: redirect_uri 参数错误, or scope.", statusCode: 400);

    public static IResult Open(Opening opening, WeChatWorld world, IOptions<WeChatOptions> options) => Results.Ok(new { code = world.NewGrant(options.Value.MiniProgramAppId, opening.Person, true, TimeSpan.FromMinutes(5)) });

    public static IResult OpenBaidu(Opening opening, WeChatWorld world, IOptions<WeChatOptions> options) => Results.Ok(new { code = world.NewGrant(options.Value.BaiduClientId, opening.Person, false, TimeSpan.FromMinutes(10)) });

    public static IResult ForgetTokens(WeChatWorld world)
    {
        world.ForgetTokens();
        return Results.NoContent();
    }
}
