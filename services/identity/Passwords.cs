using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>Hashes and checks passwords, as many at once as there are cores: the first bottleneck of a rush must not starve everything else.</summary>
public sealed class Passwords : IDisposable
{
    private static readonly Account Nobody = new();
    private readonly PasswordHasher<Account> hasher;
    private readonly int iterations;
    private readonly ConcurrencyLimiter turns;
    private readonly string decoy;
    private readonly byte[] decoySalt = RandomNumberGenerator.GetBytes(16);

    public Passwords(IOptions<IdentitySettings> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var work = settings.Value.PasswordWork;
        turns = new(new() { PermitLimit = work.AtOnce > 0 ? work.AtOnce : Environment.ProcessorCount, QueueLimit = work.Waiting });
        iterations = work.Iterations;
        hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        decoy = hasher.HashPassword(new(), Guid.NewGuid().ToString());
    }

    /// <summary>Waits for a turn; not acquired when too many wait already. Hold it only around <see cref="Hash"/> or <see cref="Check(string?, string)"/>.</summary>
    public ValueTask<RateLimitLease> Turn(CancellationToken cancellationToken) => turns.AcquireAsync(1, cancellationToken);

    public string Hash(string password) => hasher.HashPassword(new(), password);

    /// <summary>Whether the password is the account's. Costs the same where there is no account, or one without a password.</summary>
    public bool Check(Account? account, string password) => Check(account?.PasswordHash, password);

    /// <summary>The same for whatever is hashed like a password; costs the same where there is nothing, and where it was made with less work.</summary>
    public bool Check(string? kept, string typed)
    {
        var hash = kept is { Length: > 0 } ? kept : null;
        var right = hasher.VerifyHashedPassword(Nobody, hash ?? decoy, typed) != PasswordVerificationResult.Failed;
        if (hash is not null && IterationsOf(hash) is var fewer && fewer < iterations) Rfc2898DeriveBytes.Pbkdf2(typed, decoySalt, iterations - fewer, HashAlgorithmName.SHA512, 32);
        return right && hash is not null;
    }

    /// <summary>Whether a hash was made with less work than is wanted now.</summary>
    public bool IsWeak(string hash) => IterationsOf(hash) < iterations;

    /// <summary>ASP.NET Core Identity's format 3: a marker, the function, the iterations, the salt's length, salt, key; numbers of 4 bytes, big-endian.</summary>
    private static int IterationsOf(string hash) => Convert.FromBase64String(hash) is { Length: > 13 } whole && whole[0] == 1 ? BinaryPrimitives.ReadInt32BigEndian(whole.AsSpan(5)) : 0;

    public static IResult Busy(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.RetryAfter = "3";
        return Problems.Of(StatusCodes.Status503ServiceUnavailable, "busy", "Very many people are signing in; nothing is lost, repeat in a few seconds.");
    }

    public void Dispose() => turns.Dispose();
}
