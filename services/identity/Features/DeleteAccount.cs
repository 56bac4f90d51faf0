using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// A candidate asks to have account and data deleted (K3; 个人信息保护法 art. 47), by naming the password once more. It is done by itself after the cooling-off, and not before the last application
/// is no longer needed by its exam; until then it can be taken back, for which an open screen is enough.
/// </summary>
public static class DeleteAccount
{
    /// <param name="Asked">Null while it was not asked for.</param>
    /// <param name="CoolingOffDays">For so many days it can be taken back at least.</param>
    /// <param name="Applications">What exams still need of the person's applications, the first that ends first: the account stays until the last.</param>
    public sealed record Deletion(AskedDeletion? Asked, int CoolingOffDays, IReadOnlyList<HeldApplication> Applications);

    /// <param name="NotBefore">Until then it can be taken back in any case.</param>
    public sealed record AskedDeletion(DateTimeOffset At, DateTimeOffset NotBefore);

    /// <param name="Until">Its data are kept so long; null where the exam does not say.</param>
    /// <param name="UnderWay">It is not decided yet, which may make it later.</param>
    public sealed record HeldApplication(Guid ApplicationId, string Programme, string Session, DateTimeOffset? Until, bool UnderWay);

    public static void MapDeleteAccount(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/identity/me/deletion", Show).RequireAuthorization(TokenNames.Candidate).WithName("show-account-deletion").WithTags("identity")
            .WithSummary("Whether one has asked to be deleted, and which applications hold what until when.").Produces<Deletion>().ProducesProblem(503);
        app.MapPost("/api/identity/me/deletion", Ask).RequireAuthorization(TokenNames.Candidate).WithName("ask-account-deletion").WithTags("identity")
            .WithSummary("Have one's account and data deleted, after a cooling-off; asked again it changes nothing.").Produces<Deletion>().ProducesProblem(400).ProducesProblem(423).ProducesProblem(503);
        app.MapDelete("/api/identity/me/deletion", TakeBack).RequireAuthorization(TokenNames.Candidate).WithName("take-back-account-deletion").WithTags("identity")
            .WithSummary("Keep one's account after all.").Produces(StatusCodes.Status204NoContent).ProducesProblem(409);
    }

    private static async Task<IResult> Show(Me me, IdentityDb db, ApplicationAnswers.ApplicationAnswersClient applications, IOptions<IdentitySettings> settings, CancellationToken ct)
    {
        var asked = await db.AccountDeletions.AsNoTracking().SingleOrDefaultAsync(d => d.AccountId == me.Id, ct);
        var holds = (await applications.ListHoldsAsync(new() { CandidateIds = { me.Id.ToString() } }, cancellationToken: ct)).Holds;
        return TypedResults.Ok(new Deletion(asked is null ? null : new(asked.AskedAt, asked.NotBefore), (int)settings.Value.CoolingOff.TotalDays,
            [.. holds.Select(h => new HeldApplication(Guid.Parse(h.ApplicationId), h.ProgrammeTitle, h.SessionTitle, h.Until.Length > 0 ? DateTimeOffset.Parse(h.Until, System.Globalization.CultureInfo.InvariantCulture) : null, h.UnderWay)).OrderBy(h => h.Until ?? DateTimeOffset.MaxValue)]));
    }

    private static async Task<IResult> Ask(GiveOwnData.Proof proof, Me me, IdentityDb db, ProvePassword prove, ApplicationAnswers.ApplicationAnswersClient applications,
        IOptions<IdentitySettings> settings, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (proof.Check() is { Any: true } faults) return faults.ToProblem();
        if ((await prove.Of(me.Id, proof.Password, http, ct)).Refused is { } refused) return refused;
        if (!await db.AccountDeletions.AnyAsync(d => d.AccountId == me.Id, ct)) await Keep(AccountDeletion.Ask(me.Id, settings.Value.CoolingOff, clock.GetUtcNow()), db, ct);
        return await Show(me, db, applications, settings, ct);
    }

    private static async Task Keep(AccountDeletion deletion, IdentityDb db, CancellationToken ct)
    {
        db.AccountDeletions.Add(deletion);
        db.Publish(deletion.AccountId, new AccountDeletionAsked(deletion.AccountId, deletion.NotBefore, deletion.AskedAt));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "account_deletions" })
        {
            db.ChangeTracker.Clear(); // a double click: the first one counts
        }
    }

    private static async Task<IResult> TakeBack(Me me, IdentityDb db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.AccountDeletions.SingleOrDefaultAsync(d => d.AccountId == me.Id, ct) is not { } asked) return TypedResults.NoContent();
        if (asked.TakeBack() is { } refusal) return refusal.ToProblem();
        db.AccountDeletions.Remove(asked);
        db.Publish(me.Id, new AccountDeletionTakenBack(me.Id, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
