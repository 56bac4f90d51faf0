using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>Section <c>Identity:Passkeys</c>: signing in by face, finger or the device's own code (面容 ID).</summary>
public sealed class PasskeySettings
{
    /// <summary>The web's host name or a parent domain of it (WebAuthn: RP ID). Without it there are no passkeys. Never changed later: all passkeys hang on it.</summary>
    public string? Domain { get; set; }

    /// <summary>Origins of the web's pages, as https://exam.example.cn: only what they ask for is believed.</summary>
    public Uri[] Origins { get; set; } = [];

    /// <summary>From asking to the person's finger on the device.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>A key that a device keeps for one account and gives away to nobody; its public half is here (WebAuthn level 3).</summary>
public sealed class Passkey
{
    public const int MostOfOne = 10;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid AccountId { get; init; }
    public byte[] CredentialId { get; init; } = [];
    public byte[] PublicKey { get; init; } = [];

    /// <summary>What its owner calls the device.</summary>
    public required string Name { get; init; }

    public string[] Transports { get; init; } = [];

    /// <summary>Counts up where the device counts at all; one that goes back is a copy and is refused.</summary>
    public long SignCount { get; private set; }

    public bool IsBackupEligible { get; init; }
    public bool IsBackedUp { get; private set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; private set; }
    public uint Version { get; init; }

    public static Passkey Of(Guid account, UserPasskeyInfo made, string name, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(made);
        return new()
        {
            AccountId = account,
            CredentialId = made.CredentialId,
            PublicKey = made.PublicKey,
            Name = name,
            Transports = made.Transports ?? [],
            SignCount = made.SignCount,
            IsBackupEligible = made.IsBackupEligible,
            IsBackedUp = made.IsBackedUp,
            CreatedAt = now,
        };
    }

    /// <summary>As ASP.NET Core knows it. What the device said when it was made is not kept: nobody asks for it again.</summary>
    public UserPasskeyInfo Known() => new(CredentialId, PublicKey, CreatedAt, (uint)SignCount, Transports, isUserVerified: true, IsBackupEligible, IsBackedUp, [], []);

    public void Use(UserPasskeyInfo used, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(used);
        (SignCount, IsBackedUp, LastUsedAt) = (used.SignCount, used.IsBackedUp, now);
    }
}

/// <summary>What is told to a device, and what comes back with its answer.</summary>
/// <param name="Ceremony">Sealed, good once.</param>
/// <param name="Options">For navigator.credentials.</param>
public sealed record PasskeyOrder(string Ceremony, JsonElement Options);

/// <summary>
/// The two ceremonies of WebAuthn by ASP.NET Core's own handler. What it must remember between question and answer travels with the client, sealed and bound to who asked, and is good once.
/// </summary>
public sealed class Passkeys(IPasskeyHandler<Account> handler, IdentityDb db, PersonalData data, Limits limits, IOptions<IdentitySettings> settings, TimeProvider clock)
{
    private const string ToMake = "passkey ceremony: make", ToSignIn = "passkey ceremony: sign in";
    private readonly PasskeySettings rule = settings.Value.Passkeys;

    private sealed record Memory(Guid Id, string State, DateTimeOffset EndsAt);

    public static Refusal Off { get; } = new("passkeys-off", "This platform has no passkeys.");

    public bool On => rule.Domain is { Length: > 0 };

    public async Task<PasskeyOrder> ToMakeOne(Account account, string name, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(account);
        var made = await handler.MakeCreationOptionsAsync(new() { Id = account.Id.ToString(), Name = name, DisplayName = name }, http);
        return Order(made.CreationOptionsJson, made.AttestationState!, $"{ToMake} {account.Id:N}");
    }

    /// <returns>Null when this is no answer of a device to what was asked of this account.</returns>
    public async Task<UserPasskeyInfo?> Made(Account account, string ceremony, JsonElement credential, HttpContext http, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (await Remember(ceremony, $"{ToMake} {account.Id:N}", cancellationToken) is not { } state) return null;
        var made = await handler.PerformAttestationAsync(new() { HttpContext = http, CredentialJson = credential.GetRawText(), AttestationState = state });
        return made is { Succeeded: true, Passkey.IsUserVerified: true } ? made.Passkey : null;
    }

    /// <summary>Nobody is named: the device offers what it has.</summary>
    public async Task<PasskeyOrder> ToSignAnybodyIn(HttpContext http)
    {
        var asked = await handler.MakeRequestOptionsAsync(null, http);
        return Order(asked.RequestOptionsJson, asked.AssertionState!, ToSignIn);
    }

    /// <summary>The passkey that answered, tracked and used; null when none did.</summary>
    public async Task<Passkey?> Use(string ceremony, JsonElement credential, HttpContext http, CancellationToken cancellationToken)
    {
        if (await Remember(ceremony, ToSignIn, cancellationToken) is not { } state) return null;
        var answer = await handler.PerformAssertionAsync(new() { HttpContext = http, CredentialJson = credential.GetRawText(), AssertionState = state });
        if (!answer.Succeeded) return null;
        var passkey = await db.Passkeys.SingleAsync(p => p.AccountId == answer.User.Id && p.CredentialId == answer.Passkey.CredentialId, cancellationToken);
        passkey.Use(answer.Passkey, clock.GetUtcNow());
        return passkey;
    }

    private PasskeyOrder Order(string options, string state, string place)
    {
        var memory = JsonSerializer.SerializeToUtf8Bytes(new Memory(Guid.NewGuid(), state, clock.GetUtcNow() + rule.Life));
        return new(Convert.ToBase64String(data.Seal(memory, place)), JsonElement.Parse(options));
    }

    private async Task<string?> Remember(string ceremony, string place, CancellationToken cancellationToken)
    {
        Memory memory;
        try
        {
            memory = JsonSerializer.Deserialize<Memory>(data.Open(Convert.FromBase64String(ceremony), place))!;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return null;
        }
        return memory.EndsAt > clock.GetUtcNow() && await limits.Take("passkey ceremony", memory.Id.ToString(), 1, rule.Life, cancellationToken) is null ? memory.State : null;
    }
}

/// <summary>What ASP.NET Core's handler of passkeys asks for, over the accounts that are here. It only reads: rows are written by the features.</summary>
internal sealed class PasskeyStore(IdentityDb db) : IUserPasskeyStore<Account>
{
    public void Dispose() { }

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.UserName);

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.UserName);

    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id) ? db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancellationToken) : Task.FromResult<Account?>(null);

    public Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => db.Passkeys.Any(p => p.AccountId == a.Id && p.CredentialId == credentialId), cancellationToken);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken) =>
        [.. (await db.Passkeys.AsNoTracking().Where(p => p.AccountId == user.Id).ToListAsync(cancellationToken)).Select(p => p.Known())];

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await db.Passkeys.AsNoTracking().SingleOrDefaultAsync(p => p.AccountId == user.Id && p.CredentialId == credentialId, cancellationToken))?.Known();

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();
}

public static class PasskeySetup
{
    public static IServiceCollection AddPasskeys(this IServiceCollection services)
    {
        services.AddIdentityCore<Account>().AddUserStore<PasskeyStore>();
        services.AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>().AddScoped<Passkeys>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<IdentitySettings>>((passkeys, settings) =>
        {
            var rule = settings.Value.Passkeys;
            (passkeys.ServerDomain, passkeys.AuthenticatorTimeout) = (rule.Domain, rule.Life);
            (passkeys.UserVerificationRequirement, passkeys.ResidentKeyRequirement) = ("required", "required"); // two factors in one, and nothing to type
            passkeys.ValidateOrigin = asked => ValueTask.FromResult(!asked.CrossOrigin && rule.Origins.Any(origin => origin.GetLeftPart(UriPartial.Authority) == asked.Origin));
        });
        return services;
    }
}
