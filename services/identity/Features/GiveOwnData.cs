using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>Who registered gets all that identity keeps of them, unmasked (K3; 个人信息保护法 art. 45), by naming the password once more: an open screen is not enough.</summary>
public static class GiveOwnData
{
    private const int MostSignIns = 1000;

    public sealed record Proof(string Password)
    {
        public Faults Check() => ProvePassword.Check(Password, new());
    }

    /// <param name="NoticeVersion">The registration notice that was accepted; empty where a paper was taken in.</param>
    /// <param name="Consents">Papers by which an officer acted for the person.</param>
    /// <param name="SignIns">The newest thousand, newest first.</param>
    /// <param name="Bindings">The WeChat and Baidu accounts that sign in.</param>
    /// <param name="IdentityChecks">Comparisons with the national registry, newest first.</param>
    public sealed record OwnData(Guid Id, string? UserName, IdentityFacts Identity, string Mobile, string NoticeVersion, DateTimeOffset RegisteredAt, IReadOnlyList<GivenConsent> Consents, IReadOnlyList<TriedSignIn> SignIns, IReadOnlyList<ShowMe.CheckSeen> IdentityChecks, string? IdentityType, IReadOnlyList<OutsideAccount> Bindings);

    public sealed record GivenConsent(Guid DocumentId, DateTimeOffset At);

    /// <param name="Person">As WeChat or Baidu name the account to us.</param>
    public sealed record OutsideAccount(BindingKind Kind, string Person, DateTimeOffset BoundAt);

    public sealed record TriedSignIn(DateTimeOffset At, string Address, SignInResult Result);

    public static void MapGiveOwnData(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/me/data", Give).RequireAuthorization(TokenNames.Candidate)
        .WithName("give-own-data").WithTags("identity").WithSummary("All that is kept of the signed-in candidate here, unmasked; the password is asked for again.")
        .Produces<OwnData>().ProducesProblem(400).ProducesProblem(423).ProducesProblem(503);

    private static async Task<IResult> Give(Proof proof, Me me, IdentityDb db, PersonalData data, ProvePassword prove, HttpContext http, CancellationToken ct)
    {
        if (proof.Check() is { Any: true } faults) return faults.ToProblem();
        var (refused, account, _) = await prove.Of(me.Id, proof.Password, http, ct);
        if (refused is not null) return refused;
        var candidate = await db.Candidates.AsNoTracking().SingleAsync(c => c.Id == me.Id, ct);
        var consents = await db.Consents.Where(c => c.CandidateId == me.Id).OrderBy(c => c.At).Select(c => new GivenConsent(c.DocumentId, c.At)).ToListAsync(ct);
        var signIns = await db.SignIns.Where(s => s.AccountId == me.Id).OrderByDescending(s => s.At).ThenByDescending(s => s.Id).Take(MostSignIns).Select(s => new TriedSignIn(s.At, s.Address, s.Result)).ToListAsync(ct);
        var bindings = await db.Bindings.AsNoTracking().Where(b => b.AccountId == me.Id).OrderBy(b => b.Kind).ToListAsync(ct);
        var checks = await db.IdentityChecks.Where(c => c.CandidateId == me.Id).OrderByDescending(c => c.WantedAt).Select(c => new ShowMe.CheckSeen(c.State, c.Source, c.At)).ToListAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new OwnData(me.Id, account.UserName, candidate.Identity(data), candidate.Mobile(data), candidate.NoticeVersion, candidate.RegisteredAt, consents, signIns, checks, candidate.IdentityType, bindings.ConvertAll(b => new OutsideAccount(b.Kind, data.OpenText(b.SealedPerson, Binding.Place(b.Id)), b.BoundAt))));
    }
}
