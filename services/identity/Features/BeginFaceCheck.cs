using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// Somebody who lost the password goes to a face verification (seed 002: 使用居民身份证注册的用户), where the platform offers it. Never the only way: SMS, question and officer stay. Nothing tells whether name and number are registered here.
/// </summary>
public static class BeginFaceCheck
{
    public sealed record Offer(bool Offered);

    /// <param name="Name">As on the resident ID.</param>
    public sealed record Asked(string Name, string DocumentNumber);

    /// <param name="Secret">Goes back with the id, to set a new password.</param>
    /// <param name="Address">The provider's page. It leads back to the web front end.</param>
    public sealed record Begun(Guid FaceId, string Secret, Uri Address, DateTimeOffset ExpiresAt);

    public static void MapBeginFaceCheck(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/identity/face-verifications", (IFaceProvider provider) => TypedResults.Ok(new Offer(provider.IsOffered)))
            .AllowAnonymous().WithName("show-face-verification").WithTags("identity").WithSummary("Whether an account can be recovered by face verification here.");
        app.MapPost("/api/identity/face-verifications", Begin).AllowAnonymous()
            .WithName("begin-face-verification").WithTags("identity").WithSummary("Begin a face verification, to recover an account by it.")
            .Produces<Begun>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(404).ProducesProblem(429).ProducesProblem(503);
    }

    private static async Task<IResult> Begin(Asked asked, IdentityDb db, PersonalData data, IFaceProvider provider, Limits limits, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (!provider.IsOffered) return Problems.NotFound();
        var (now, faults, name) = (clock.GetUtcNow(), new Faults(), PersonName.Tidy(asked.Name));
        PersonName.Check(name, "name", faults);
        var document = asked.DocumentNumber.Length > 200 ? null : DocumentNumber.Read(DocumentType.ResidentId, asked.DocumentNumber, "documentNumber", DateOnly.FromDateTime(now.UtcDateTime.AddHours(8)), faults);
        faults.Add(asked.DocumentNumber.Length > 200, "documentNumber", "too-long", "At most 200 characters.");
        if (document is null || faults.Any) return faults.ToProblem();
        var again = await limits.Take("face address", SignInRecord.AddressOf(http), 60, TimeSpan.FromHours(1), ct)
            ?? await limits.Take("face hour", document.Key, 5, TimeSpan.FromHours(1), ct)
            ?? await limits.Take("face day", document.Key, 10, TimeSpan.FromDays(1), ct);
        if (again is { } at) return Limits.TooMany("too-many-recoveries", "Too many attempts at this account.", at, clock, http);
        if (await provider.CreateAsync(name, document.Text, ct) is not { } handOver) return Unreachable();
        var hash = Candidate.HashOf(data, DocumentType.ResidentId, document.Key);
        var candidate = await db.Candidates.AsNoTracking().SingleOrDefaultAsync(c => c.DocumentType == DocumentType.ResidentId && c.DocumentHash == hash, ct);
        var account = candidate is not null && PersonName.Key(candidate.Identity(data).Name) == PersonName.Key(name) ? candidate.Id : (Guid?)null;
        var (kept, secret) = FaceCheck.Begin(account, handOver.Id, now);
        db.FaceChecks.Add(kept);
        await db.SaveChangesAsync(ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new Begun(kept.Id, secret, handOver.Address, kept.ExpiresAt));
    }

    internal static IResult Unreachable() => Problems.Of(StatusCodes.Status503ServiceUnavailable, "face-verification-unreachable", "The face verification gives no answer now: try again, or recover the account in another way.");
}
