using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ExamPlatform.Identities.Features;

/// <summary>An officer gets an account from an officer of the level above. No Idempotency-Key: the user name is unique, and a kept answer would hold a password.</summary>
public static class AppointOfficer
{
    /// <param name="AreaPath">Area codes from the province down, each ended by a slash: 110000/110100/; empty for national.</param>
    public sealed record Appointment(string UserName, string DisplayName, OfficerLevel Level, string AreaPath)
    {
        public Faults Check()
        {
            var faults = new Faults();
            Identities.UserName.Check(UserName, "userName", faults);
            PersonName.Check(DisplayName, "displayName", faults);
            faults.Add(!Officer.Fits(Level, AreaPath), "areaPath", "area-path", "The path names one area code per level, each ended by a slash: area 110000/, site 110000/110100/; national has none.");
            return faults;
        }
    }

    /// <param name="FirstPassword">Told only now, to be handed over; it is good for seven days and is replaced at the first sign-in.</param>
    public sealed record Appointed(Guid OfficerId, string UserName, string Level, string AreaPath, string FirstPassword);

    public static void MapAppointOfficer(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/officers", Appoint)
        .RequireAuthorization(policy => policy.RequireRole(TokenNames.Officer, TokenNames.Operator))
        .WithName("appoint-officer").WithTags("identity").WithSummary("Appoint an officer of the level below, within one's own jurisdiction.")
        .Produces<Appointed>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(403).ProducesProblem(409);

    private static async Task<IResult> Appoint(Appointment appointment, Me me, IdentityDb db, Passwords passwords, IOptions<IdentitySettings> settings, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (appointment.Check() is { Any: true } faults) return faults.ToProblem();
        if (Officer.CheckAppointment(me, appointment.Level, appointment.AreaPath) is { } refusal) return Problems.Of(403, refusal.Code, refusal.Detail);
        if (await db.Accounts.AnyAsync(a => a.UserName == appointment.UserName, ct)) return Identities.UserName.Taken();
        var (now, first) = (clock.GetUtcNow(), settings.Value.PasswordRule.Make());
        var account = new Account { Id = Guid.CreateVersion7(), Role = AccountRole.Officer, UserName = appointment.UserName, CreatedAt = now };
        using (var turn = await passwords.Turn(ct))
        {
            if (!turn.IsAcquired) return Passwords.Busy(http);
            account.PasswordHash = passwords.Hash(first);
            account.IsFirst(now);
        }
        var officer = new Officer { Id = account.Id, DisplayName = appointment.DisplayName, Level = appointment.Level, AreaPath = appointment.AreaPath, AppointedBy = me.Id, AppointedAt = now };
        db.AddRange(account, officer);
        db.Publish(officer.Id, new OfficerAppointed(officer.Id, officer.LevelName, officer.AreaPath, now));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "accounts" })
        {
            return Identities.UserName.Taken();
        }
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new Appointed(officer.Id, account.UserName, officer.LevelName, officer.AreaPath, first));
    }
}
