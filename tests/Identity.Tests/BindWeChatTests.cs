using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExamPlatform.Sandbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ExamPlatform.Identities.Tests.IdentityFixture;
using static ExamPlatform.Identities.Tests.OutsideFixture;

namespace ExamPlatform.Identities.Tests;

public class BindWeChatTests(OutsideFixture identity) : IClassFixture<OutsideFixture>
{
    private readonly string person = NewPerson();

    private static bool Follows(JsonElement bindings) => bindings.GetProperty("weChat").GetProperty("follows").GetBoolean();

    private static string State(JsonElement bindings) => Text(bindings.GetProperty("request"), "state");

    private static bool IsBound(JsonElement bindings) => bindings.GetProperty("weChat").ValueKind is JsonValueKind.Object;

    [Fact]
    public async Task Scanning_follows_and_binds_in_one_and_WeChat_says_so()
    {
        var (_, me, offer) = await identity.Waiting();

        var told = await identity.Deed(person, "scan", Text(offer, "qr"));

        Assert.StartsWith("绑定成功", Text(told, "reply"), StringComparison.Ordinal);
        var bindings = await Bindings(me);
        Assert.True(Follows(bindings));
        Assert.Equal(("bound", "中国卫生人才网"), (State(bindings), Text(bindings, "accountName")));
    }

    [Fact]
    public async Task Who_follows_already_binds_by_scanning_too()
    {
        await identity.Deed(person, "follow");
        var (_, me, offer) = await identity.Waiting();

        Assert.Equal("SCAN", Text(await identity.Deed(person, "scan", Text(offer, "qr")), "event"));

        Assert.True(Follows(await Bindings(me)));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("绑定 {0}")]
    [InlineData(" １{1} ")]
    public async Task Digits_sent_to_the_official_account_bind_without_seeing_anything(string writing)
    {
        await identity.Deed(person, "follow");
        var (_, me, offer) = await identity.Waiting();
        var digits = Text(offer, "digits");

        var sent = writing.Contains("{1}", StringComparison.Ordinal) ? digits.Replace('1', '１') : string.Format(System.Globalization.CultureInfo.InvariantCulture, writing, digits);
        await identity.Deed(person, "say", sent);

        Assert.True(Follows(await Bindings(me)));
    }

    [Fact]
    public async Task Wrong_digits_are_answered_and_after_five_a_day_right_ones_bind_nothing()
    {
        await identity.Deed(person, "follow");
        var (_, me, offer) = await identity.Waiting();
        for (var n = 0; n < 5; n++) Assert.Contains("验证码不正确", Text(await identity.Deed(person, "say", Text(offer, "digits") == "00000000" ? "11111111" : "00000000"), "reply"), StringComparison.Ordinal);

        Assert.Contains("明天再试", Text(await identity.Deed(person, "say", Text(offer, "digits")), "reply"), StringComparison.Ordinal);

        Assert.False(IsBound(await Bindings(me)));
        await identity.Deed(person, "scan", Text(offer, "qr"));
        Assert.True(IsBound(await Bindings(me)));
    }

    [Fact]
    public async Task An_address_opened_within_WeChat_binds_and_tells_who_does_not_follow_yet()
    {
        var (_, me, offer) = await identity.Waiting();
        var back = Query(await identity.Agree(person, Text(offer, "link")));

        var answer = await identity.Post("/api/identity/wechat-bindings", new { code = back["code"].ToString(), state = back["state"].ToString() });

        Assert.Equal(204, (int)answer.StatusCode);
        Assert.False(Follows(await Bindings(me)));
        await identity.Deed(person, "follow");
        Assert.True(Follows(await Bindings(me)));
    }

    [Fact]
    public async Task A_state_that_nobody_waits_with_or_a_used_code_binds_nothing()
    {
        var (_, me, offer) = await identity.Waiting();
        var (other, code) = (NewPerson(), await identity.CodeOf(person, Within));
        await identity.Enter(Within, code);

        Assert.Equal("outside-code-over", Code(await Body(await identity.Post("/api/identity/wechat-bindings", new { code = await identity.CodeOf(other, Within), state = BindingOffer.NewSecret() }), 409)));
        var state = Query(Text(offer, "link"))["state"].ToString();
        Assert.Equal("outside-code-over", Code(await Body(await identity.Post("/api/identity/wechat-bindings", new { code, state }), 409)));

        Assert.False(IsBound(await Bindings(me)));
    }

    [Fact]
    public async Task One_WeChat_is_bound_to_one_candidate_and_the_second_is_told()
    {
        await identity.ABound(person);
        var (_, me, offer) = await identity.Waiting();

        var told = await identity.Deed(person, "scan", Text(offer, "qr"));

        Assert.Contains("已经绑定了另一个报名账号", Text(told, "reply"), StringComparison.Ordinal);
        Assert.Equal("elsewhere", State(await Bindings(me)));
        Assert.False(IsBound(await Bindings(me)));
    }

    [Fact]
    public async Task Of_two_candidates_who_show_their_codes_to_one_WeChat_at_once_one_gets_it()
    {
        var (one, other) = (await identity.Waiting(), await identity.Waiting());

        await Task.WhenAll(identity.Deed(person, "scan", Text(one.Offer, "qr")), identity.Deed(person, "scan", Text(other.Offer, "qr"), at: identity.Clock.Now.AddSeconds(1)));

        Assert.Single(new[] { IsBound(await Bindings(one.Me)), IsBound(await Bindings(other.Me)) }, bound => bound);
    }

    [Fact]
    public async Task A_code_binds_one_WeChat_and_whoever_scans_it_later_is_told_that_it_is_over()
    {
        var (id, me, offer) = await identity.Waiting();
        await identity.Deed(person, "scan", Text(offer, "qr"));

        var told = await identity.Deed(NewPerson(), "scan", Text(offer, "qr"));

        Assert.Contains("已经用过或超过10分钟", Text(told, "reply"), StringComparison.Ordinal);
        var kept = await identity.Query(db => db.Bindings.SingleAsync(b => b.AccountId == id));
        Assert.Equal(identity.Services.GetRequiredService<PersonalData>().OpenText(kept.SealedPerson, Binding.Place(kept.Id)), ExamPlatform.Sandbox.WeChat.WeChatWorld.UnionIdOf(person));
    }

    [Fact]
    public async Task After_ten_minutes_neither_picture_nor_digits_nor_address_bind()
    {
        await using var own = new OutsideFixture();
        var (_, me, offer) = await own.Waiting();
        await own.Deed(person, "follow");

        own.Clock.Advance(BindingRequest.Life);

        await own.Deed(person, "say", Text(offer, "digits"));
        var back = Query(await own.Agree(person, Text(offer, "link"))); // WeChat's own code is fresh
        await Body(await own.Post("/api/identity/wechat-bindings", new { code = back["code"].ToString(), state = back["state"].ToString() }), 409);
        Assert.Equal(0, await own.Query(db => db.Bindings.CountAsync()));
        await ActivatorUtilities.CreateInstance<ForgetOldSignIns>(own.Services).Forget(CancellationToken.None);
        Assert.Equal(0, await own.Query(db => db.BindingRequests.CountAsync()));
    }

    [Fact]
    public async Task Binding_and_unbinding_ask_for_the_password()
    {
        var (id, _, token, _) = await identity.ACandidate();
        var me = identity.With(token);

        Assert.Equal(["password wrong-password"], Faults(await Body(await Begin(me, "Wrong-Horse-1"), 400)));
        await identity.Deed(person, "scan", Text(await Body(await Begin(me), 201), "qr"));
        Assert.Equal(["password wrong-password"], Faults(await Body(await me.PostAsJsonAsync("/api/identity/me/bindings/removal", new { password = "Wrong-Horse-1", kind = "weChat" }), 400)));
        Assert.True(IsBound(await Bindings(me)));
        Assert.Equal(204, (int)(await me.PostAsJsonAsync("/api/identity/me/bindings/removal", new { password = Password, kind = "weChat" })).StatusCode);

        Assert.False(IsBound(await Bindings(me)));
        await Body(await identity.Enter(Website, await identity.CodeOf(person, Website)), 401);
        Assert.Equal([SignInResult.Bound, SignInResult.Unbound], await identity.Query(db => db.SignIns.Where(s => s.AccountId == id && (s.Result == SignInResult.Bound || s.Result == SignInResult.Unbound)).OrderBy(s => s.Id).Select(s => s.Result).ToListAsync()));
    }

    [Fact]
    public async Task Who_has_bound_one_unbinds_it_before_another()
    {
        var (_, me) = await identity.ABound(person);

        Assert.Equal("binding-there", Code(await Body(await Begin(me), 409)));
        Assert.Equal("binding-there", Code(await Body(await me.PostAsJsonAsync("/api/identity/me/bindings/mini-programs", new { password = Password, app = "weChat", miniProgramCode = await identity.CodeOf(NewPerson(), MiniProgram) }), 409)));
    }

    [Fact]
    public async Task Officers_bind_nothing()
    {
        var officer = identity.With(Text(await Body(await identity.SignIn("national", ReadyMadePassword), 201), "accessToken"));

        Assert.Equal(403, (int)(await Begin(officer, ReadyMadePassword)).StatusCode);
    }

    [Fact]
    public async Task Without_WeChat_nothing_is_begun_and_the_candidate_is_told()
    {
        var (_, _, token, _) = await identity.ACandidate();
        identity.Misbehave(Channel.WeChat, Effect.Fail, "/cgi-bin/qrcode/create");

        Assert.Equal("outside-unreachable", Code(await Body(await Begin(identity.With(token)), 409)));
    }

    [Fact]
    public async Task An_access_token_that_WeChat_refuses_is_fetched_anew_by_itself()
    {
        await identity.Waiting();
        await identity.ForgetTokens();

        await identity.Waiting();
    }

    [Fact]
    public async Task When_WeChat_cannot_say_who_scanned_its_next_telling_binds()
    {
        var (_, me, offer) = await identity.Waiting();
        identity.Misbehave(Channel.WeChat, Effect.Fail, "/cgi-bin/user/info");

        var told = await identity.Deed(person, "scan", Text(offer, "qr"));

        Assert.Equal([503, 200], told.GetProperty("statuses").EnumerateArray().Select(status => status.GetInt32()));
        Assert.True(Follows(await Bindings(me)));
    }

    [Fact]
    public async Task Ones_own_data_say_which_WeChat_is_bound()
    {
        var (_, me) = await identity.ABound(person);

        var own = await Body(await me.PostAsJsonAsync("/api/identity/me/data", new { password = Password }), 200);

        Assert.Equal(("weChat", ExamPlatform.Sandbox.WeChat.WeChatWorld.UnionIdOf(person)), (Text(own.GetProperty("bindings")[0], "kind"), Text(own.GetProperty("bindings")[0], "person")));
    }

    [Fact]
    public async Task Only_hashes_and_seals_are_kept_of_a_WeChat()
    {
        var (id, _) = await identity.ABound(person);
        var union = ExamPlatform.Sandbox.WeChat.WeChatWorld.UnionIdOf(person);

        var row = await identity.Query(db => db.Database.SqlQuery<string>($"select (select row_to_json(b)::text from bindings b where account_id = {id}) || (select json_agg(f)::text from followers f) || (select json_agg(r)::text from binding_requests r) as \"Value\"").SingleAsync());

        Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(union)), row, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(union, row, StringComparison.Ordinal);
    }
}
