using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>Who appoints the officers of a level also sees them, dismisses them, and lets them in again who have lost password, app or passkey.</summary>
public static class KeepOfficers
{
    private const int MostShown = 500;

    /// <param name="Reason">10 to 500 characters.</param>
    public sealed record Asked(string Reason)
    {
        public Faults Check() => new Faults()
            .Add(Reason.Trim().Length < 10, "reason", "reason-too-short", "Say in 10 characters or more why.")
            .Add(Reason.Length > 500, "reason", "too-long", "At most 500 characters.")
            .Add(Reason.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')), "reason", "control-character", "The reason holds a character that no keyboard types.");
    }

    /// <param name="SecondFactor">Whether an app or a passkey is set up.</param>
    /// <param name="HasOwnPassword">Whether the first one was replaced.</param>
    public sealed record Seen(Guid OfficerId, string UserName, string DisplayName, string Level, string AreaPath, DateTimeOffset AppointedAt, DateTimeOffset? DismissedAt, DateTimeOffset? LastSignInAt, bool SecondFactor, bool HasOwnPassword);

    /// <param name="FirstPassword">Told only now, to be handed over; it is good for seven days and is replaced at the first sign-in.</param>
    public sealed record LetIn(string FirstPassword, DateTimeOffset Until);

    public static void MapKeepOfficers(this IEndpointRouteBuilder app)
    {
        var officers = app.MapGroup("/api/identity/officers").RequireAuthorization(policy => policy.RequireRole(TokenNames.Officer, TokenNames.Operator)).WithTags("identity");
        officers.MapGet("", List).WithName("list-officers").WithSummary($"The officers of the level below within one's own jurisdiction, at most {MostShown}.").Produces<List<Seen>>();
        officers.MapPost("/{id:guid}/dismissal", Dismiss).WithName("dismiss-officer").WithSummary("Dismiss an officer of the level below; all sessions end, nothing signs in any more.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        officers.MapPost("/{id:guid}/access-reset", Reset).WithName("reset-officer-access").WithSummary("A new first password for who has lost password, app or passkey; all sessions end.")
            .Produces<LetIn>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
    }

    /// <summary>The rule of appointing, read as a question.</summary>
    private static IQueryable<Officer> Below(Me me, IdentityDb db)
    {
        var level = me.Role == TokenNames.Operator ? OfficerLevel.National : Enum.GetValues<OfficerLevel>().SkipWhile(l => Officer.LevelNameOf(l) != me.Level).Skip(1).Cast<OfficerLevel?>().FirstOrDefault();
        return db.Officers.Where(o => o.Level == level && o.AreaPath.StartsWith(me.AreaPath));
    }

    private static async Task<IResult> List(Me me, IdentityDb db, CancellationToken ct)
    {
        var rows = await (from officer in Below(me, db)
                          join account in db.Accounts on officer.Id equals account.Id
                          orderby officer.AreaPath, account.UserName
                          select new
                          {
                              officer,
                              account.UserName,
                              account.FirstPasswordUntil,
                              LastSignInAt = db.SignIns.Where(s => s.AccountId == officer.Id && s.Result == SignInResult.SignedIn).Max(s => (DateTimeOffset?)s.At),
                              SecondFactor = db.SecondFactors.Any(f => f.AccountId == officer.Id && f.ConfirmedAt != null) || db.Passkeys.Any(p => p.AccountId == officer.Id),
                          }).AsNoTracking().Take(MostShown).ToListAsync(ct);
        return TypedResults.Ok(rows.ConvertAll(r => new Seen(r.officer.Id, r.UserName!, r.officer.DisplayName, r.officer.LevelName, r.officer.AreaPath, r.officer.AppointedAt, r.officer.DismissedAt, r.LastSignInAt, r.SecondFactor, r.FirstPasswordUntil is null)));
    }

    private static async Task<IResult> Dismiss(Guid id, Asked asked, Me me, IdentityDb db, PersonalData data, ReplacePassword replace, TimeProvider clock, CancellationToken ct)
    {
        if (asked.Check() is { Any: true } faults) return faults.ToProblem();
        if (await Below(me, db).SingleOrDefaultAsync(o => o.Id == id, ct) is not { } officer) return Problems.NotFound();
        var now = clock.GetUtcNow();
        if (officer.Dismiss(now) is { } refusal) return refusal.ToProblem();
        await TakeEverything(id, db, ct);
        await replace.Of(await db.Accounts.SingleAsync(a => a.Id == id, ct), "", SessionEnd.Dismissed, null, ct);
        db.OfficerChanges.Add(OfficerChange.Record(OfficerChangeKind.Dismissed, id, me.Id, asked.Reason.Trim(), data, now));
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Reset(Guid id, Asked asked, Me me, IdentityDb db, PersonalData data, Passwords passwords, ReplacePassword replace, LockOut lockOut, IOptions<IdentitySettings> settings, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (asked.Check() is { Any: true } faults) return faults.ToProblem();
        if (await Below(me, db).AsNoTracking().SingleOrDefaultAsync(o => o.Id == id, ct) is not { } officer) return Problems.NotFound();
        if (officer.DismissedAt is not null) return Officer.Gone.ToProblem();
        var (first, hash, now) = (settings.Value.PasswordRule.Make(), "", clock.GetUtcNow());
        using (var turn = await passwords.Turn(ct))
        {
            if (!turn.IsAcquired) return Passwords.Busy(http);
            hash = passwords.Hash(first);
        }
        await TakeEverything(id, db, ct);
        var account = await db.Accounts.SingleAsync(a => a.Id == id, ct);
        await replace.Of(account, hash, SessionEnd.Recovered, null, ct);
        account.IsFirst(now);
        await lockOut.Forgive(account.LockKey(data), ct);
        db.OfficerChanges.Add(OfficerChange.Record(OfficerChangeKind.AccessReset, id, me.Id, asked.Reason.Trim(), data, now));
        await db.SaveChangesAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new LetIn(first, account.FirstPasswordUntil!.Value));
    }

    private static async Task TakeEverything(Guid id, IdentityDb db, CancellationToken ct)
    {
        db.RemoveRange(await db.Passkeys.Where(p => p.AccountId == id).ToListAsync(ct));
        db.RemoveRange(await db.SecondFactors.Where(f => f.AccountId == id).ToListAsync(ct));
    }
}
