using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>A device shows a code; the candidate, signed in on their phone, approves it; the device is signed in. Nothing is typed on the device (docs/adr/0023).</summary>
public static class SignInOnDevice
{
    /// <param name="DeviceCode">The device's secret: it comes back with it.</param>
    /// <param name="UserCode">Eight digits, for the person.</param>
    /// <param name="PollSeconds">No sooner than after so long does it ask again.</param>
    public sealed record Asked(string DeviceCode, string UserCode, DateTimeOffset EndsAt, int PollSeconds);

    public sealed record Waiting(string UserCode, DateTimeOffset AskedAt, DateTimeOffset EndsAt, string Address, string Agent);

    public sealed record Decision(bool Approve);

    public sealed record Device(string DeviceCode);

    private const int PollSeconds = 3;

    public static void MapSignInOnDevice(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/identity/sessions/device-requests", Ask).AllowAnonymous()
            .WithName("ask-device-sign-in").WithTags("identity").WithSummary("A device asks to be signed in by a person's phone; the code is shown to the person.").Produces<Asked>(StatusCodes.Status201Created);
        app.MapPost("/api/identity/sessions/device", Take).AllowAnonymous()
            .WithName("sign-in-device").WithTags("identity").WithSummary("The device's session, once the person has approved it; 409 device-sign-in-waits until then.")
            .Produces<SignedIn>(StatusCodes.Status201Created).ProducesProblem(409);
        var phone = app.MapGroup("/api/identity/device-requests/{code}").RequireAuthorization(policy => policy.RequireRole(TokenNames.Candidate)).WithTags("identity");
        phone.MapGet("", Show).WithName("show-device-sign-in").WithSummary("Which device waits with this code.");
        phone.MapPost("/decision", Decide).WithName("decide-device-sign-in").WithSummary("Approve or refuse the device.");
    }

    private static async Task<IResult> Ask(IdentityDb db, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var (asked, secret) = DeviceSignIn.Ask(SignInRecord.AddressOf(http), http.Request.Headers.UserAgent.ToString(), clock.GetUtcNow());
        db.DeviceSignIns.Add(asked);
        await db.SaveChangesAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new Asked(secret, asked.Code, asked.EndsAt, PollSeconds));
    }

    private static async Task<Results<Ok<Waiting>, ProblemHttpResult>> Show(string code, IdentityDb db, TimeProvider clock, CancellationToken ct) =>
        await Find(code, db, clock, ct) is { } asked ? TypedResults.Ok(new Waiting(asked.Code, asked.AskedAt, asked.EndsAt, asked.Address, asked.Agent)) : Problems.NotFound();

    private static async Task<Results<NoContent, ProblemHttpResult>> Decide(string code, Decision decision, Me me, IdentityDb db, TimeProvider clock, CancellationToken ct)
    {
        if (await Find(code, db, clock, ct) is not { } asked) return Problems.NotFound();
        if (asked.Decide(me.Id, decision.Approve, clock.GetUtcNow()) is { } refusal) return refusal.ToProblem();
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Take(Device device, IdentityDb db, Tokens tokens, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var (hash, now) = (RefreshToken.HashOf(device.DeviceCode), clock.GetUtcNow());
        if (await db.DeviceSignIns.SingleOrDefaultAsync(d => d.SecretHash == hash, ct) is not { } asked) return Problems.NotFound();
        if (asked.Take(now) is { } refusal) return refusal.ToProblem();
        var account = await db.Accounts.SingleAsync(a => a.Id == asked.AccountId, ct);
        var signedIn = await tokens.Start(account, ct);
        db.SignIns.Add(new() { AccountId = account.Id, At = now, Address = asked.Address, Result = SignInResult.SignedIn });
        await db.SaveChangesAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, signedIn);
    }

    /// <summary>Of those that wait. Should two have drawn the same code, it is the later one's: the other's time runs out.</summary>
    private static Task<DeviceSignIn?> Find(string code, IdentityDb db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.DeviceSignIns.OrderByDescending(d => d.AskedAt).FirstOrDefaultAsync(d => d.Code == code && d.State == DeviceSignInState.Asked && d.EndsAt > now, ct);
    }
}
