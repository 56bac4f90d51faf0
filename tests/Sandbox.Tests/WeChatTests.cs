using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace ExamPlatform.Sandbox.Tests;

public sealed class WeChatTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private readonly string person = $"微信{Guid.NewGuid():N}";

    private async Task<JsonElement> Get(string target) => await (await host.Http.GetAsync(target)).Json();

    private static int Errcode(JsonElement answer) => answer.TryGetProperty("errcode", out var code) ? code.GetInt32() : 0;

    private async Task<JsonElement> Stable(bool force = false, string secret = "test-AccountSecret") =>
        await (await host.Http.PostAsJsonAsync("/cgi-bin/stable_token", new { grant_type = "client_credential", appid = "test-AccountAppId", secret, force_refresh = force })).Json();

    private async Task<string> Token() => (await Stable()).GetProperty("access_token").GetString()!;

    private async Task<JsonElement> Scene(string scene, int seconds = 600, string action = "QR_STR_SCENE") =>
        await (await host.Http.PostAsJsonAsync($"/cgi-bin/qrcode/create?access_token={await Token()}", new { expire_seconds = seconds, action_name = action, action_info = new { scene = new { scene_str = scene } } })).Json();

    /// <summary>A code of the website or of the official account.</summary>
    private async Task<string> Code(string path = "qrconnect", string app = "WebsiteAppId", string scope = "snsapi_login", string redirect = "http://web.test/back") =>
        QueryHelpers.ParseQuery(new Uri((await host.Control("wechat/agreements", new { person, address = Address(path, app, scope, redirect) })).GetProperty("redirect").GetString()!).Query)["code"].ToString();

    private Uri Address(string path, string app, string scope, string redirect) => new(host.Http.BaseAddress!, $"/connect/{path}?appid=test-{app}&redirect_uri={Uri.EscapeDataString(redirect)}&response_type=code&scope={scope}&state=abc#wechat_redirect");

    private Task<JsonElement> Exchange(string code, string app = "Website") => Get($"/sns/oauth2/access_token?appid=test-{app}AppId&secret=test-{app}Secret&code={code}&grant_type=authorization_code");

    [Fact]
    public async Task The_stable_token_is_the_same_for_all_until_its_end_nears_or_a_new_one_is_forced()
    {
        var first = await Token();

        Assert.Equal(first, await Token());
        Assert.NotEqual(first, (await Stable(force: true)).GetProperty("access_token").GetString());
        Assert.Equal(42001, Errcode(await Get($"/cgi-bin/user/info?access_token={first}&openid=x")));
        Assert.Equal(40001, Errcode(await Get("/cgi-bin/user/info?access_token=none&openid=x")));
        Assert.Equal(40125, Errcode(await Stable(secret: "wrong")));
    }

    [Fact]
    public async Task A_code_holds_a_scene_of_64_characters_for_30_days_at_most()
    {
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync($"/cgi-bin/showqrcode?ticket={Uri.EscapeDataString((await Scene("one")).GetProperty("ticket").GetString()!)}")).StatusCode);

        Assert.Equal((int[])[40153, 40154, 40152], (int[])[Errcode(await Scene(new string('x', 65))), Errcode(await Scene("one", 2_592_001)), Errcode(await Scene("one", action: "QR_SCENE"))]);
    }

    [Fact]
    public async Task Scanning_subscribes_first_and_is_SCAN_from_then_on_with_the_scene_after_the_prefix_once()
    {
        var url = (await Scene($"scene-{person}")).GetProperty("url").GetString();

        Assert.Equal("subscribe", (await host.Control("wechat/deeds", new { person, deed = "scan", value = url })).GetProperty("event").GetString());
        Assert.Equal("SCAN", (await host.Control("wechat/deeds", new { person, deed = "scan", value = url })).GetProperty("event").GetString());
    }

    [Fact]
    public async Task An_event_is_sent_three_times_more_and_then_given_up()
    {
        host.Merchant.RefuseNext("/wechat", 99);

        var sent = await host.Control("wechat/deeds", new { person, deed = "follow" });
        host.Merchant.RefuseNext("/wechat", 0);

        Assert.Equal([500, 500, 500, 500], sent.GetProperty("statuses").EnumerateArray().Select(status => status.GetInt32()));
    }

    [Fact]
    public async Task A_code_is_changed_once_by_its_own_application()
    {
        var code = await Code();

        Assert.Equal(40029, Errcode(await Exchange(code, "Account")));
        Assert.StartsWith("o6_", (await Exchange(code)).GetProperty("unionid").GetString(), StringComparison.Ordinal);
        Assert.Equal(40163, Errcode(await Exchange(code)));
        Assert.Equal(40029, Errcode(await Exchange("none")));
    }

    [Fact]
    public async Task Within_WeChat_the_union_id_comes_only_when_the_person_was_asked()
    {
        Assert.False((await Exchange(await Code("oauth2/authorize", "AccountAppId", "snsapi_base"), "Account")).TryGetProperty("unionid", out _));
        Assert.True((await Exchange(await Code("oauth2/authorize", "AccountAppId", "snsapi_userinfo"), "Account")).TryGetProperty("unionid", out _));
    }

    [Theory]
    [InlineData("qrconnect", "WebsiteAppId", "snsapi_login", "http://elsewhere.test/back")]
    [InlineData("qrconnect", "WebsiteAppId", "snsapi_userinfo", "http://web.test/back")]
    [InlineData("qrconnect", "AccountAppId", "snsapi_login", "http://web.test/back")]
    [InlineData("oauth2/authorize", "AccountAppId", "snsapi_login", "http://web.test/back")]
    public async Task Another_address_scope_or_application_is_refused(string path, string app, string scope, string redirect)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Http.GetAsync(Address(path, app, scope, redirect))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Http.PostAsJsonAsync("/control/wechat/agreements", new { person, address = Address(path, app, scope, redirect) })).StatusCode);
    }

    [Fact]
    public async Task Mini_programs_change_their_codes_once_too()
    {
        var (code, baidu) = ((await host.Control("wechat/mini-program", new { person })).GetProperty("code").GetString(), (await host.Control("baidu/mini-program", new { person })).GetProperty("code").GetString()!);
        var target = $"/sns/jscode2session?appid=test-MiniProgramAppId&secret=test-MiniProgramSecret&js_code={code}&grant_type=authorization_code";

        Assert.StartsWith("o6_", (await Get(target)).GetProperty("unionid").GetString(), StringComparison.Ordinal);
        Assert.Equal(40163, Errcode(await Get(target)));
        Assert.True((await Session(baidu)).TryGetProperty("session_key", out _));
        Assert.Equal("invalid_grant", (await Session(baidu)).GetProperty("error").GetString());
        Assert.Equal("invalid_client", (await Session(baidu, "wrong")).GetProperty("error").GetString());
    }

    private async Task<JsonElement> Session(string code, string sk = "test-BaiduSecret")
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["code"] = code, ["client_id"] = "test-BaiduClientId", ["sk"] = sk });
        return await (await host.Http.PostAsync("/oauth/jscode2sessionkey", form)).Json();
    }
}
