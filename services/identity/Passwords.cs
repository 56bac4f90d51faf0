using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>Hashes and checks passwords, as many at once as there are cores: the first bottleneck of a rush must not starve everything else.</summary>
public sealed class Passwords : IDisposable
{
    private static readonly Account Nobody = new();
    private readonly PasswordHasher<Account> hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 100_000 }));
    private readonly ConcurrencyLimiter turns;
    private readonly string decoy;

    public Passwords(IOptions<IdentitySettings> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var work = settings.Value.PasswordWork;
        turns = new(new() { PermitLimit = work.AtOnce > 0 ? work.AtOnce : Environment.ProcessorCount, QueueLimit = work.Waiting });
        decoy = hasher.HashPassword(new(), Guid.NewGuid().ToString());
    }

    /// <summary>Waits for a turn; not acquired when too many wait already. Hold it only around <see cref="Hash"/> or <see cref="Check(string?, string)"/>.</summary>
    public ValueTask<RateLimitLease> Turn(CancellationToken cancellationToken) => turns.AcquireAsync(1, cancellationToken);

    public string Hash(string password) => hasher.HashPassword(new(), password);

    /// <summary>Whether the password is the account's. Costs the same where there is no account, or one without a password.</summary>
    public bool Check(Account? account, string password) => Check(account?.PasswordHash, password);

    /// <summary>The same for whatever is hashed like a password; costs the same where there is nothing.</summary>
    public bool Check(string? kept, string typed)
    {
        var hash = kept is { Length: > 0 } ? kept : null;
        var right = hasher.VerifyHashedPassword(Nobody, hash ?? decoy, typed) != PasswordVerificationResult.Failed;
        return right && hash is not null;
    }

    public static IResult Busy(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.RetryAfter = "3";
        return Problems.Of(StatusCodes.Status503ServiceUnavailable, "busy", "Very many people are signing in; nothing is lost, repeat in a few seconds.");
    }

    public void Dispose() => turns.Dispose();
}
