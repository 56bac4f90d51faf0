using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Identities.Tests;

/// <summary>Identity with WeChat and Baidu at its side, whose events come back to it.</summary>
public sealed class OutsideFixture : IdentityFixture
{
    private RegisterWorld? world;
    private HttpClient? control;

    public RegisterWorld World => world ??= new(Clock, () => Server.CreateHandler());

    public const string Website = "weChatWebsite", Within = "weChatAccount", MiniProgram = "weChatMiniProgram", Baidu = "baiduMiniProgram";

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, .. ((string[])["WeChat:ApiAddress", "WeChat:OpenAddress", "Baidu:Address"]).Select(name => KeyValuePair.Create($"Identity:{name}", World.Address.ToString()))];

    /// <summary>Plays a person with a phone.</summary>
    public async Task<JsonElement> Deed(string person, string deed, string? value = null, int copies = 1, DateTimeOffset? at = null, string? forgery = null) =>
        await Control("wechat/deeds", new { person, deed, value, copies, at, forgery });

    public async Task<JsonElement> Control(string path, object request)
    {
        using var response = await (control ??= World.CreateClient()).PostAsJsonAsync($"/control/{path}", request, Json);
        return await Body(response, 200);
    }

    public Task<HttpResponseMessage> ForgetTokens() => World.CreateClient().DeleteAsync(new Uri("/control/wechat/tokens", UriKind.Relative));

    public void Misbehave(Channel channel, Effect effect, string? onlyContaining = null, string? code = null, int times = 1) =>
        World.Services.GetRequiredService<Behaviours>().Add(new(channel, effect, times, onlyContaining, Code: code));

    /// <summary>The code of one of our applications.</summary>
    public async Task<string> CodeOf(string person, string app)
    {
        if (app is MiniProgram or Baidu) return Text(await Control(app == Baidu ? "baidu/mini-program" : "wechat/mini-program", new { person }), "code");
        var state = Guid.NewGuid().ToString("N");
        var way = Text(await Body(await Anonymous().GetAsync($"/api/identity/sessions/wechat?state={state}&within={(app == Within ? "true" : "false")}"), 200), "address");
        return Query(await Agree(person, way))["code"].ToString();
    }

    /// <summary>Where the person's browser goes after agreeing.</summary>
    public async Task<string> Agree(string person, string address) => Text(await Control("wechat/agreements", new { person, address }), "redirect");

    public static Dictionary<string, Microsoft.Extensions.Primitives.StringValues> Query(string address) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(address).Query);

    public Task<HttpResponseMessage> Enter(string app, string code) => Post("/api/identity/sessions/outside", new { app, code });

    /// <summary>A candidate who waits for their WeChat.</summary>
    public async Task<(Guid Id, HttpClient Me, JsonElement Offer)> Waiting()
    {
        var (id, _, token, _) = await ACandidate();
        var me = With(token);
        return (id, me, await Body(await Begin(me), 201));
    }

    public static Task<HttpResponseMessage> Begin(HttpClient me, string password = Password) => me.PostAsJsonAsync("/api/identity/me/bindings/wechat-requests", new { password });

    public async Task<(Guid Id, HttpClient Me)> ABound(string person)
    {
        var (id, me, offer) = await Waiting();
        await Deed(person, "scan", Text(offer, "qr"));
        return (id, me);
    }

    public static async Task<JsonElement> Bindings(HttpClient me) => await Body(await me.GetAsync("/api/identity/me/bindings"), 200);

    public static string NewPerson() => $"微信{Guid.NewGuid():N}";

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        control?.Dispose();
        world?.Dispose();
    }
}
