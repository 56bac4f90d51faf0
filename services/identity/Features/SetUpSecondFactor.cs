using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>An officer sets up an authenticator app: the secret by naming the password, then a first code from the app. A phone that is lost is left behind by signing in with a recovery code and beginning anew.</summary>
public static class SetUpSecondFactor
{
    /// <param name="Code">From the app, or a recovery code, where one is set up already.</param>
    public sealed record Begin(string Password, string? Code = null);

    /// <param name="Secret">Base32, to be typed into an app.</param>
    /// <param name="Address">otpauth://, for a QR code.</param>
    public sealed record Begun(string Secret, string Address);

    public sealed record FirstCode(string Code);

    /// <param name="RecoveryCodes">Ten, each good once; told only now.</param>
    public sealed record SetUp(IReadOnlyList<string> RecoveryCodes);

    /// <param name="Required">Whether the platform lets officers do nothing without it, or a passkey.</param>
    /// <param name="HasFirstPassword">Whether the password is still the one that was made for the officer: nothing else can be done before it is replaced.</param>
    public sealed record State(bool On, bool Required, int RecoveryCodesLeft, bool HasFirstPassword);

    public static void MapSetUpSecondFactor(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/identity/me/second-factor", Show).WithName("show-second-factor").WithTags("identity").WithSummary("Whether an authenticator app is set up.");
        app.MapPost("/api/identity/me/second-factor", Start).WithName("begin-second-factor").WithTags("identity").WithSummary("A new secret for an authenticator app; good once it is confirmed.")
            .Produces<Begun>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(423).ProducesProblem(503);
        app.MapPost("/api/identity/me/second-factor/confirmation", Confirm).WithName("confirm-second-factor").WithTags("identity").WithSummary("The app's first code; from now on signing in asks for one.")
            .Produces<SetUp>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<State> StateOf(Guid id, IdentityDb db, bool required, CancellationToken ct)
    {
        var factor = await db.SecondFactors.AsNoTracking().SingleOrDefaultAsync(f => f.AccountId == id && f.ConfirmedAt != null, ct);
        return new(factor is not null, required, factor?.RecoveryHashes.Count ?? 0, await db.Accounts.AnyAsync(a => a.Id == id && a.FirstPasswordUntil != null, ct));
    }

    private static async Task<IResult> Show(Me me, IdentityDb db, IOptions<IdentitySettings> settings, CancellationToken ct) =>
        await db.Officers.AnyAsync(o => o.Id == me.Id, ct) ? TypedResults.Ok(await StateOf(me.Id, db, settings.Value.SecondFactorForOfficers, ct)) : Problems.NotFound();

    private static async Task<IResult> Start(Begin begin, Me me, IdentityDb db, PersonalData data, ProvePassword prove, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (ProvePassword.Check(begin.Password, new()).Add(begin.Code?.Length > 50, "code", "too-long", "At most 50 characters.") is { Any: true } faults) return faults.ToProblem();
        if (!await db.Officers.AnyAsync(o => o.Id == me.Id, ct)) return Problems.NotFound();
        var (refused, account, _) = await prove.Of(me.Id, begin.Password, http, ct);
        if (refused is not null) return refused;
        var factor = await db.SecondFactors.SingleOrDefaultAsync(f => f.AccountId == me.Id, ct);
        if (factor is { ConfirmedAt: not null } && !factor.Use(begin.Code ?? "", data, clock.GetUtcNow()))
            return new Faults().Add(true, "code", begin.Code is null ? "required" : "second-factor-wrong", "One is set up already: enter a code of it, or a recovery code.").ToProblem();
        if (factor is null) db.SecondFactors.Add(factor = new() { AccountId = me.Id });
        var secret = factor.Begin(data);
        await db.SaveChangesAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Begun(secret, $"otpauth://totp/{Uri.EscapeDataString($"考试报名平台:{account.UserName}")}?secret={secret}&issuer={Uri.EscapeDataString("考试报名平台")}"));
    }

    private static async Task<IResult> Confirm(FirstCode first, Me me, IdentityDb db, PersonalData data, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (await db.SecondFactors.SingleOrDefaultAsync(f => f.AccountId == me.Id, ct) is not { } factor) return Problems.NotFound();
        if (factor.ConfirmedAt is not null) return new Refusal("second-factor-there", "It is set up already; begin anew to replace it.").ToProblem();
        if (first.Code.Length > 50 || factor.Confirm(first.Code, data, clock.GetUtcNow()) is not { } codes) return new Faults().Add(true, "code", "second-factor-wrong", "This is not the app's present code; compare the phone's time, and enter the next one.").ToProblem();
        await db.SaveChangesAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new SetUp(codes));
    }
}
