using System.Text.Json;
using ExamPlatform.Identities.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// A candidate binds their own WeChat (by scanning, by sending digits, by opening an address within WeChat, or by a mini-program's code) or Baidu account, and unbinds it (docs/adr/0028).
/// Binding and unbinding ask for the password: what is bound signs in.
/// </summary>
public static class BindOutside
{
    private const int LongestCode = 512;

    /// <param name="WeChat">Null while none is bound.</param>
    /// <param name="Baidu">Likewise.</param>
    /// <param name="AccountName">The official account to follow.</param>
    /// <param name="Request">What is waited for, or what became of it, while its time lasts.</param>
    public sealed record Bound(BoundWeChat? WeChat, BoundBaidu? Baidu, string AccountName, Waiting? Request);

    public sealed record BoundWeChat(DateTimeOffset BoundAt, bool Follows);

    public sealed record BoundBaidu(DateTimeOffset BoundAt);

    /// <param name="Qr">The address that the QR code holds: scanning follows the official account and binds, in one.</param>
    /// <param name="Digits">Sent to the official account as a message, they do the same.</param>
    /// <param name="Link">Opened within WeChat, it binds; following comes after.</param>
    public sealed record Waiting(BindingRequestState State, DateTimeOffset EndsAt, string? Qr, string? Digits, string? Link);

    public sealed record Proof(string Password);

    public sealed record Removal(string Password, BindingKind Kind);

    /// <param name="App">The mini-program whose code it is.</param>
    public sealed record Code(string Password, BindingKind App, string MiniProgramCode);

    /// <param name="State">As the address within WeChat came back with it.</param>
    public sealed record Opened(string Code, string State);

    public static void MapBindOutside(this IEndpointRouteBuilder app)
    {
        var me = app.MapGroup("/api/identity/me/bindings").RequireAuthorization(TokenNames.Candidate).WithTags("identity");
        me.MapGet("", Show).WithName("show-bindings").WithSummary("Which WeChat and Baidu accounts one has bound, and whether one follows the official account.");
        me.MapPost("/wechat-requests", Begin).WithName("begin-wechat-binding").WithSummary("A QR code, digits and an address by which one's WeChat is bound; for ten minutes, once.")
            .Produces<Waiting>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(409).ProducesProblem(423).ProducesProblem(503);
        me.MapPost("/mini-programs", BindMiniProgram).WithName("bind-mini-program").WithSummary("Bind the WeChat or Baidu account that the mini-program's code is of.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(409).ProducesProblem(423).ProducesProblem(503);
        me.MapPost("/removal", Remove).WithName("unbind").WithSummary("Unbind one's WeChat or Baidu account. Applications stay as they are.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(404).ProducesProblem(423).ProducesProblem(503);
        app.MapPost("/api/identity/wechat-bindings", BindWithinWeChat).AllowAnonymous().WithTags("identity").WithName("bind-within-wechat").WithSummary("Bind the WeChat in which the address was opened to who began it.");
    }

    private static async Task<Ok<Bound>> Show(Me me, IdentityDb db, Bindings bindings, PersonalData data, IOptions<WeChatSettings> settings, TimeProvider clock, CancellationToken ct)
    {
        var bound = await db.Bindings.AsNoTracking().Where(b => b.AccountId == me.Id).ToListAsync(ct);
        var (weChat, baidu) = (bound.Find(b => b.Kind is BindingKind.WeChat), bound.Find(b => b.Kind is BindingKind.Baidu));
        var now = clock.GetUtcNow();
        var request = await db.BindingRequests.AsNoTracking().SingleOrDefaultAsync(r => r.AccountId == me.Id && r.EndsAt > now, ct);
        return TypedResults.Ok(new Bound(weChat is null ? null : new(weChat.BoundAt, await bindings.Follows(weChat, ct)), baidu is null ? null : new(baidu.BoundAt), settings.Value.AccountName,
            request is null ? null : request.Waits(now) ? View(request.Offer(data), request.EndsAt, settings.Value) : new(request.State, request.EndsAt, null, null, null)));
    }

    private static async Task<IResult> Begin(Proof proof, Me me, IdentityDb db, PersonalData data, ProvePassword prove, IWeChat weChat, IOptions<WeChatSettings> settings, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (ProvePassword.Check(proof.Password, new()) is { Any: true } faults) return faults.ToProblem();
        if ((await prove.Of(me.Id, proof.Password, http, ct)).Refused is { } wrong) return wrong;
        if (await db.Bindings.AnyAsync(b => b.AccountId == me.Id && b.Kind == BindingKind.WeChat, ct)) return Bindings.There.ToProblem();
        var secret = BindingOffer.NewSecret();
        if (await weChat.CreateSceneAsync(secret, BindingRequest.Life, ct) is not { } qr) return OutsideAnswer.Unreachable.Refusal!.ToProblem();
        var (offer, ends) = (BindingOffer.New(qr, secret), clock.GetUtcNow() + BindingRequest.Life);
        var kept = data.Seal(JsonSerializer.SerializeToUtf8Bytes(offer), BindingRequest.Place(me.Id));
        // in one statement, so that a double click is no conflict; the later one counts
        await db.Database.ExecuteSqlAsync($"""
            insert into binding_requests (account_id, secret_hash, digits_hash, sealed_offer, ends_at, state) values ({me.Id}, {RefreshToken.HashOf(secret)}, {BindingRequest.HashOfDigits(data, offer.Digits)}, {kept}, {ends}, {nameof(BindingRequestState.Waiting)})
            on conflict (account_id) do update set secret_hash = excluded.secret_hash, digits_hash = excluded.digits_hash, sealed_offer = excluded.sealed_offer, ends_at = excluded.ends_at, state = excluded.state
            """, ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, View(offer, ends, settings.Value));
    }

    private static async Task<IResult> BindMiniProgram(Code code, Me me, Bindings bindings, ProvePassword prove, IWeChat weChat, IBaidu baidu, HttpContext http, CancellationToken ct)
    {
        if (ProvePassword.Check(code.Password, new()).Add(code.MiniProgramCode.Length is 0 or > LongestCode, "miniProgramCode", "required", "Send the code that the mini-program's login gave.") is { Any: true } faults) return faults.ToProblem();
        if ((await prove.Of(me.Id, code.Password, http, ct)).Refused is { } wrong) return wrong;
        var answer = code.App is BindingKind.Baidu ? await baidu.WhoAsync(code.MiniProgramCode, ct) : await weChat.WhoAsync(WeChatApp.MiniProgram, code.MiniProgramCode, ct);
        var refusal = answer.Person is { } person ? await bindings.Bind(me.Id, code.App, person, SignInRecord.AddressOf(http), ct) : answer.Refusal;
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }

    private static async Task<IResult> BindWithinWeChat(Opened opened, IdentityDb db, Bindings bindings, IWeChat weChat, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (opened.Code.Length is 0 or > LongestCode) return OutsideAnswer.CodeOver.Refusal!.ToProblem();
        var (hash, now) = (RefreshToken.HashOf(opened.State), clock.GetUtcNow());
        if (await db.BindingRequests.SingleOrDefaultAsync(r => r.SecretHash == hash, ct) is not { } request || !request.Waits(now)) return OutsideAnswer.CodeOver.Refusal!.ToProblem();
        var answer = await weChat.WhoAsync(WeChatApp.Account, opened.Code, ct);
        if (answer.Person is not { } person) return answer.Refusal!.ToProblem();
        if (await bindings.Answer(request, person, SignInRecord.AddressOf(http), ct) is { } refusal) return refusal.ToProblem();
        if (await weChat.FollowStateAsync(person.FollowerId!, ct) is { } state) await bindings.Tell(person.FollowerId!, person.Id, state.Follows, now, ct);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Remove(Removal removal, Me me, IdentityDb db, ProvePassword prove, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (ProvePassword.Check(removal.Password, new()) is { Any: true } faults) return faults.ToProblem();
        if ((await prove.Of(me.Id, removal.Password, http, ct)).Refused is { } wrong) return wrong;
        if (await db.Bindings.SingleOrDefaultAsync(b => b.AccountId == me.Id && b.Kind == removal.Kind, ct) is not { } binding) return Problems.NotFound();
        db.Remove(binding);
        db.SignIns.Add(new() { AccountId = me.Id, At = clock.GetUtcNow(), Address = SignInRecord.AddressOf(http), Result = SignInResult.Unbound });
        db.Publish(me.Id, new SignInMeansChanged(me.Id, clock.GetUtcNow()));
        db.RemoveRange(await db.BindingRequests.Where(r => r.AccountId == me.Id).ToListAsync(ct));
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>The page of the web front end to which the address within WeChat leads.</summary>
    private const string PageWithinWeChat = "/wechat/bind";

    private static Waiting View(BindingOffer offer, DateTimeOffset endsAt, WeChatSettings settings) =>
        new(BindingRequestState.Waiting, endsAt, offer.Qr, offer.Digits, settings.Ask(withinWeChat: true, PageWithinWeChat, offer.Secret));
}
