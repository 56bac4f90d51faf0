using System.Text.Json;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Identities.Features;

/// <summary>Passkeys (面容 ID): a device is added by naming the password; from then on face, finger or the device's own code signs in, and nothing is typed.</summary>
public static class UsePasskeys
{
    private const int LongestName = 40;

    public sealed record Proof(string Password);

    /// <param name="Name">What the person calls the device; at most 40 characters.</param>
    public sealed record Made(string Ceremony, JsonElement Credential, string Name);

    public sealed record Answer(string Ceremony, JsonElement Credential);

    public sealed record Kept(Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

    /// <param name="On">Whether the platform has passkeys.</param>
    public sealed record State(bool On, IReadOnlyList<Kept> Passkeys);

    public static void MapUsePasskeys(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/identity/me/passkeys", async (Me me, IdentityDb db, Passkeys passkeys, CancellationToken ct) => TypedResults.Ok(new State(passkeys.On,
                await db.Passkeys.Where(p => p.AccountId == me.Id).OrderBy(p => p.CreatedAt).Select(p => new Kept(p.Id, p.Name, p.CreatedAt, p.LastUsedAt)).ToListAsync(ct))))
            .WithName("list-passkeys").WithTags("identity").WithSummary("One's own passkeys.");
        app.MapPost("/api/identity/me/passkeys/ceremonies", Begin).WithName("begin-passkey").WithTags("identity").WithSummary("Begin to add a passkey; the password is asked for again.")
            .Produces<PasskeyOrder>().ProducesProblem(400).ProducesProblem(409).ProducesProblem(423).ProducesProblem(503);
        app.MapPost("/api/identity/me/passkeys", Keep).WithName("add-passkey").WithTags("identity").WithSummary("What the device made.")
            .Produces<Kept>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(409);
        app.MapPost("/api/identity/me/passkeys/{id:guid}/removal", Remove).WithName("remove-passkey").WithTags("identity").WithSummary("Take a passkey away; the password is asked for again.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(404).ProducesProblem(423).ProducesProblem(503);
        app.MapPost("/api/identity/passkeys/ceremonies", async (Passkeys passkeys, HttpContext http) => passkeys.On ? Results.Ok(await passkeys.ToSignAnybodyIn(http)) : Passkeys.Off.ToProblem())
            .AllowAnonymous().WithName("begin-passkey-sign-in").WithTags("identity").WithSummary("Begin to sign in by a passkey.").Produces<PasskeyOrder>().ProducesProblem(409);
        app.MapPost("/api/identity/sessions/passkey", Enter).AllowAnonymous().WithName("sign-in-by-passkey").WithTags("identity").WithSummary("Sign in by what the device answered.")
            .Produces<SignedIn>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(401).ProducesProblem(409);
    }

    private static async Task<IResult> Begin(Proof proof, Me me, IdentityDb db, PersonalData data, ProvePassword prove, Passkeys passkeys, HttpContext http, CancellationToken ct)
    {
        if (!passkeys.On) return Passkeys.Off.ToProblem();
        if (ProvePassword.Check(proof.Password, new()) is { Any: true } faults) return faults.ToProblem();
        var (refused, account, _) = await prove.Of(me.Id, proof.Password, http, ct);
        if (refused is not null) return refused;
        if (await db.Passkeys.CountAsync(p => p.AccountId == me.Id, ct) >= Passkey.MostOfOne) return new Refusal("too-many-passkeys", $"At most {Passkey.MostOfOne} passkeys; take one away first.").ToProblem();
        var candidate = await db.Candidates.AsNoTracking().SingleOrDefaultAsync(c => c.Id == me.Id, ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await passkeys.ToMakeOne(account, account.UserName ?? DocumentNumber.Masked(candidate!.Identity(data).DocumentNumber), http));
    }

    private static async Task<IResult> Keep(Made made, Me me, IdentityDb db, Passkeys passkeys, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var name = made.Name.Trim();
        var faults = new Faults().Add(name.Length == 0, "name", "required", "Give the device a name.").Add(name.Length > LongestName, "name", "too-long", $"At most {LongestName} characters.")
            .Add(name.Any(char.IsControl), "name", "control-character", "The name holds a character that no keyboard types.");
        if (faults.Any) return faults.ToProblem();
        if (await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == me.Id, ct) is not { } account) return Problems.NotFound();
        if (await passkeys.Made(account, made.Ceremony, made.Credential, http, ct) is not { } info) return new Refusal("passkey-wrong", "The device's answer does not fit what was asked, or came too late; begin again.").ToProblem();
        var passkey = Passkey.Of(me.Id, info, name, clock.GetUtcNow());
        db.Passkeys.Add(passkey);
        if (account.Role is AccountRole.Candidate) db.Publish(me.Id, new SignInMeansChanged(me.Id, clock.GetUtcNow()));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "passkeys" })
        {
            return new Refusal("passkey-wrong", "This passkey is there already.").ToProblem();
        }
        return TypedResults.Created((string?)null, new Kept(passkey.Id, passkey.Name, passkey.CreatedAt, null));
    }

    private static async Task<IResult> Remove(Guid id, Proof proof, Me me, IdentityDb db, ProvePassword prove, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (ProvePassword.Check(proof.Password, new()) is { Any: true } faults) return faults.ToProblem();
        if (await db.Passkeys.SingleOrDefaultAsync(p => p.Id == id && p.AccountId == me.Id, ct) is not { } passkey) return Problems.NotFound();
        var (refused, account, _) = await prove.Of(me.Id, proof.Password, http, ct);
        if (refused is not null) return refused;
        db.Passkeys.Remove(passkey);
        if (account.Role is AccountRole.Candidate) db.Publish(me.Id, new SignInMeansChanged(me.Id, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Enter(Answer answer, IdentityDb db, Passkeys passkeys, Tokens tokens, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (!passkeys.On) return Passkeys.Off.ToProblem();
        if (await passkeys.Use(answer.Ceremony, answer.Credential, http, ct) is not { } passkey) return Problems.Of(401, "passkey-wrong", "The device's answer does not fit what was asked, or came too late; begin again, or sign in with the password.");
        var account = await db.Accounts.SingleAsync(a => a.Id == passkey.AccountId, ct);
        db.SignIns.Add(new() { AccountId = account.Id, At = clock.GetUtcNow(), Address = SignInRecord.AddressOf(http), Result = SignInResult.SignedIn });
        var signedIn = await tokens.Start(account, ct);
        await db.SaveChangesAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, signedIn);
    }
}
