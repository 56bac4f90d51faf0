using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ExamPlatform.Identities;

/// <summary>What a signed-in person's client holds.</summary>
/// <param name="ExpiresIn">Seconds that the access token is good for.</param>
public sealed record SignedIn(string AccessToken, string RefreshToken, int ExpiresIn);

/// <summary>Issues access tokens and refresh tokens; adds rows, does not save.</summary>
public sealed class Tokens(IdentityDb db, SigningKeys keys, IOptions<IdentitySettings> settings, TimeProvider clock, IHttpContextAccessor accessor)
{
    /// <summary>The claim that names the session, for signing out.</summary>
    public const string SessionClaim = "sid";

    /// <summary>The role of an officer who has to replace the first password or set up a second factor first: nothing else takes it.</summary>
    public const string Enrolling = "enrolling";

    /// <summary>For so long after an account has been closed somebody may still act in its name.</summary>
    internal static readonly TimeSpan AccessTokenLife = TimeSpan.FromMinutes(10);
    private static readonly JsonWebTokenHandler Writer = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>The session that an access token belongs to.</summary>
    public static Guid? SessionOf(System.Security.Claims.ClaimsPrincipal person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return Guid.TryParse(person.FindFirst(SessionClaim)?.Value, out var id) ? id : null;
    }

    /// <summary>Starts a session.</summary>
    public Task<SignedIn> Start(Account account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var now = clock.GetUtcNow();
        var session = Session.Begin(account, settings.Value.SessionLife, now, accessor.HttpContext is { } http ? SignInRecord.AddressOf(http) : "", accessor.HttpContext?.Request.Headers.UserAgent.ToString() ?? "");
        db.Sessions.Add(session);
        return Continue(account, session, cancellationToken);
    }

    /// <summary>The next pair of tokens within a session.</summary>
    public async Task<SignedIn> Continue(Account account, Session session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var now = clock.GetUtcNow();
        var (kept, secret) = RefreshToken.Create(session, settings.Value.RefreshTokenLife, now);
        db.RefreshTokens.Add(kept);
        var officer = account.Role == AccountRole.Officer ? await db.Officers.AsNoTracking().SingleAsync(o => o.Id == account.Id, cancellationToken) : null;
        if (account.FirstPasswordUntil is not null) officer = null;
        if (officer is not null && settings.Value.SecondFactorForOfficers && !await db.SecondFactors.AnyAsync(f => f.AccountId == account.Id && f.ConfirmedAt != null, cancellationToken)
            && !await db.Passkeys.AnyAsync(p => p.AccountId == account.Id, cancellationToken)) officer = null;
        var role = account.Role == AccountRole.Officer && officer is null ? Enrolling : account.RoleName;
        var access = Writer.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = TokenNames.Type,
            Issuer = TokenNames.Issuer,
            Audience = TokenNames.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + AccessTokenLife).UtcDateTime,
            SigningCredentials = new(await keys.Current(cancellationToken), SecurityAlgorithms.EcdsaSha256),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = account.Id.ToString(),
                [SessionClaim] = session.Id.ToString(),
                [TokenNames.Role] = role,
                [TokenNames.Level] = officer?.LevelName ?? "",
                [TokenNames.AreaPath] = officer?.AreaPath ?? "",
            },
        });
        return new(access, secret, (int)AccessTokenLife.TotalSeconds);
    }
}
