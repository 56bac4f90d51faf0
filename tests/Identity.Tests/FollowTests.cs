using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static ExamPlatform.Identities.Tests.IdentityFixture;
using static ExamPlatform.Identities.Tests.OutsideFixture;

namespace ExamPlatform.Identities.Tests;

public class FollowTests(OutsideFixture identity) : IClassFixture<OutsideFixture>
{
    private readonly string person = NewPerson();

    private static bool Follows(JsonElement bindings) => bindings.GetProperty("weChat").GetProperty("follows").GetBoolean();

    [Fact]
    public async Task Leaving_and_coming_back_are_known_and_the_binding_stays()
    {
        var (id, me) = await identity.ABound(person);

        await identity.Deed(person, "unfollow", at: identity.Clock.Now.AddSeconds(1));
        Assert.False(Follows(await Bindings(me)));
        var state = await identity.Answers().GetWeChatAsync(new() { CandidateId = id.ToString() }, PlatformKey);
        Assert.Equal((true, false), (state.Bound, state.Follows));

        await identity.Deed(person, "follow", at: identity.Clock.Now.AddSeconds(2));
        Assert.True(Follows(await Bindings(me)));
    }

    [Fact]
    public async Task Who_a_candidate_is_at_the_account_and_at_the_mini_program_is_told_once_each_has_met_them()
    {
        var (id, _) = await identity.ABound(person);
        Task<Contracts.OpenId> Ask(string application) => identity.Answers().GetOpenIdAsync(new() { CandidateId = id.ToString(), Application = application }, PlatformKey).ResponseAsync;
        var world = identity.World.Services.GetRequiredService<ExamPlatform.Sandbox.WeChat.WeChatWorld>();
        var apps = identity.World.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<ExamPlatform.Sandbox.WeChat.WeChatOptions>>().Value;

        Assert.Equal((world.OpenIdOf(apps.AccountAppId, person), ""), ((await Ask("account")).OpenId_, (await Ask("miniProgram")).OpenId_));
        await Body(await identity.Enter(MiniProgram, await identity.CodeOf(person, MiniProgram)), 201);

        Assert.Equal(world.OpenIdOf(apps.MiniProgramAppId, person), (await Ask("miniProgram")).OpenId_);
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, (await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => Ask("website"))).StatusCode);
    }

    [Fact]
    public async Task Who_was_bound_in_the_mini_program_is_known_to_the_account_once_they_follow()
    {
        var (id, _, token, _) = await identity.ACandidate();
        await identity.With(token).PostAsJsonAsync("/api/identity/me/bindings/mini-programs", new { password = Password, app = "weChat", miniProgramCode = await identity.CodeOf(person, MiniProgram) });
        Task<Contracts.OpenId> Ask() => identity.Answers().GetOpenIdAsync(new() { CandidateId = id.ToString(), Application = "account" }, PlatformKey).ResponseAsync;

        Assert.Equal("", (await Ask()).OpenId_);
        await identity.Deed(person, "follow");

        Assert.NotEqual("", (await Ask()).OpenId_);
    }

    [Fact]
    public async Task Messages_go_to_the_open_id_of_who_follows_and_to_nobody_else()
    {
        var (id, _) = await identity.ABound(person);
        async Task<string> Address(string channel, string? of = null) => (await identity.Answers().GetMessageAddressAsync(new() { CandidateId = of ?? id.ToString(), Channel = channel }, PlatformKey)).Address;

        Assert.NotEmpty(await Address("weChat"));
        Assert.Empty(await Address("baidu"));
        Assert.Empty(await Address("weChat", Guid.NewGuid().ToString()));
        await identity.Deed(person, "unfollow", at: identity.Clock.Now.AddSeconds(1));
        Assert.Empty(await Address("weChat"));
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, (await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => Address("post"))).StatusCode);
    }

    [Fact]
    public async Task How_people_are_reached_is_told_of_many_at_once_and_who_is_no_candidate_is_left_out()
    {
        var (id, _) = await identity.ABound(person);
        async Task<List<Contracts.Reach>> Reach(params string[] of) => [.. (await identity.Answers().ListReachAsync(new() { CandidateIds = { of } }, PlatformKey)).People];

        Assert.Equal((id.ToString(), true, true), Assert.Single(await Reach(id.ToString(), Guid.NewGuid().ToString())) is var reach ? (reach.CandidateId, reach.Mobile, reach.WeChat) : default);
        await identity.Deed(person, "unfollow", at: identity.Clock.Now.AddSeconds(1));
        Assert.False(Assert.Single(await Reach(id.ToString())).WeChat);
        await identity.Query(db => db.Candidates.Where(c => c.Id == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.ForgottenAt, identity.Clock.Now)));
        Assert.Empty(await Reach(id.ToString()));
        var tooMany = await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => Reach([.. Enumerable.Range(0, 501).Select(_ => Guid.NewGuid().ToString())]));
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, tooMany.StatusCode);
    }

    [Fact]
    public async Task Who_binds_an_account_is_told_so()
    {
        var (id, _) = await identity.ABound(person);

        Assert.Single(await identity.Published<Contracts.SignInMeansChanged>(id));
    }

    [Fact]
    public async Task What_happened_earlier_and_comes_later_changes_nothing()
    {
        var (_, me) = await identity.ABound(person);
        await identity.Deed(person, "unfollow", at: identity.Clock.Now.AddSeconds(9));

        await identity.Deed(person, "follow", at: identity.Clock.Now.AddSeconds(5));

        Assert.False(Follows(await Bindings(me)));
    }

    [Fact]
    public async Task Copies_of_a_message_count_once()
    {
        await identity.Deed(person, "follow");

        await identity.Deed(person, "say", "00000000", copies: 4);
        for (var n = 0; n < 4; n++) Assert.Contains("验证码不正确", Text(await identity.Deed(person, "say", "00000000"), "reply"), StringComparison.Ordinal);

        Assert.Contains("明天再试", Text(await identity.Deed(person, "say", "00000000"), "reply"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrongSignature")]
    [InlineData("otherKey")]
    [InlineData("otherApp")]
    [InlineData("plain")]
    [InlineData("noSignature")]
    public async Task A_forged_message_changes_nothing(string forgery)
    {
        var (_, me) = await identity.ABound(person);

        var told = await identity.Deed(person, "unfollow", at: identity.Clock.Now.AddSeconds(1), forgery: forgery);

        Assert.Equal(403, told.GetProperty("statuses")[0].GetInt32());
        Assert.True(Follows(await Bindings(me)));
    }

    [Fact]
    public async Task Who_bound_in_the_mini_program_follows_by_the_same_person_at_the_official_account()
    {
        var (_, _, token, _) = await identity.ACandidate();
        var me = identity.With(token);
        await me.PostAsync("/api/identity/me/bindings/mini-programs", System.Net.Http.Json.JsonContent.Create(new { password = Password, app = "weChat", miniProgramCode = await identity.CodeOf(person, MiniProgram) }));
        Assert.False(Follows(await Bindings(me)));

        await identity.Deed(person, "follow");

        Assert.True(Follows(await Bindings(me)));
    }

    [Fact]
    public async Task WeChat_is_told_that_the_address_is_ours_when_it_asks_rightly()
    {
        var signature = ExamPlatform.Sandbox.WeChat.MessageSeal.Signature("test-Token", "1700000000", "77");

        Assert.Equal("hello-7", await (await identity.Anonymous().GetAsync($"/callbacks/wechat?signature={signature}&timestamp=1700000000&nonce=77&echostr=hello-7")).Content.ReadAsStringAsync());
        Assert.Equal(403, (int)(await identity.Anonymous().GetAsync($"/callbacks/wechat?signature={signature}&timestamp=1700000001&nonce=77&echostr=hello-7")).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<xml>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><xml><Encrypt>&b;</Encrypt></xml>")]
    [InlineData("<xml><Encrypt>AAAA</Encrypt></xml>")]
    public async Task What_is_no_message_is_refused_and_breaks_nothing(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("text/xml"));

        Assert.Equal(403, (int)(await identity.Anonymous().PostAsync("/callbacks/wechat?msg_signature=x&timestamp=1&nonce=2", content)).StatusCode);
    }

    [Fact]
    public void The_example_of_WeChats_own_documentation_opens()
    {
        const string encrypted = "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE=";
        var messages = new WeChatMessages(Options.Create(new WeChatSettings { Token = "spamtest", EncodingAesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", AccountAppId = "wx2c2769f8efd9abc2" }), TimeProvider.System);
        var query = new QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["msg_signature"] = "5d197aaffba7e9b25a30732f161a50dee96bd5fa", ["timestamp"] = "1409735669", ["nonce"] = "1320562132" });

        var message = messages.Open(query, Encoding.UTF8.GetBytes($"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"));

        Assert.Equal(("oyORnuP8q7ou2gfYjqLzSIWZf0rs", "text", "abcdteT", "6054768590064713728"), (message!.From, message.What, message.Value, message.Key));
    }
}
