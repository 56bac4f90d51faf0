using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Identities;

public enum BindingKind { WeChat, Baidu }

/// <summary>A candidate's own WeChat or Baidu account: one of each kind per candidate, one candidate per outside account. Who it is lies sealed, and is found by a keyed hash.</summary>
public sealed class Binding
{
    public Guid Id { get; init; }
    public Guid AccountId { get; init; }
    public BindingKind Kind { get; init; }
    public byte[] PersonHash { get; init; } = [];
    public byte[] SealedPerson { get; init; } = [];

    /// <summary>Of the open id at the official account, which its events name; null while only another application was asked.</summary>
    public byte[]? FollowerHash { get; set; }

    /// <summary>The open ids at those of our applications that have been asked, as a JSON object by <see cref="WeChatApp"/>: who pays there is told to the bank by them. Null while none has.</summary>
    public byte[]? SealedOpenIds { get; private set; }

    public DateTimeOffset BoundAt { get; init; }

    public string? OpenId(WeChatApp app, PersonalData data) => OpenIds(data).GetValueOrDefault(app);

    /// <summary>Keeps the open ids that came with a person, beside those that are known.</summary>
    public void Learn(OutsidePerson person, PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(data);
        var known = OpenIds(data);
        var before = known.Count;
        if (person.FollowerId is { } account) known[WeChatApp.Account] = account;
        if (person.MiniProgramId is { } mini) known[WeChatApp.MiniProgram] = mini;
        if (known.Count > before) SealedOpenIds = data.Seal(JsonSerializer.SerializeToUtf8Bytes(known), OpenIdsPlace(Id)); // an open id never changes
    }

    private Dictionary<WeChatApp, string> OpenIds(PersonalData data) =>
        SealedOpenIds is null ? [] : JsonSerializer.Deserialize<Dictionary<WeChatApp, string>>(data.Open(SealedOpenIds, OpenIdsPlace(Id)))!;

    private static string OpenIdsPlace(Guid id) => $"bindings.sealed_open_ids/{id:N}";

    public static string Place(Guid id) => $"bindings.sealed_person/{id:N}";

    public static byte[] HashOf(PersonalData data, BindingKind kind, string personId)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Hash($"outside {kind}", personId);
    }
}

/// <summary>Who follows the official account, as its events tell, also of people who have bound nothing.</summary>
public sealed class Follower
{
    public byte[] Hash { get; init; } = [];

    /// <summary>Finds it for who was bound elsewhere than at the official account; null while WeChat has not told.</summary>
    public byte[]? PersonHash { get; init; }

    /// <summary>What messages go to.</summary>
    public byte[] SealedId { get; init; } = [];

    public bool Follows { get; init; }

    /// <summary>What happened before this changes nothing any more.</summary>
    public DateTimeOffset ToldAt { get; init; }

    public static byte[] HashOf(PersonalData data, string followerId)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Hash("follower", followerId);
    }

    public static string Place(byte[] hash) => $"followers.sealed_id/{Convert.ToHexStringLower(hash)}";
}

public enum BindingRequestState
{
    Waiting,
    Bound,

    /// <summary>The WeChat that came is another candidate's.</summary>
    Elsewhere,
}

/// <summary>What a candidate shows to their WeChat: as a picture, as digits to be sent to the official account, as an address to be opened within WeChat.</summary>
public sealed record BindingOffer(string Qr, string Digits, string Secret)
{
    /// <summary>With five wrong ones a day for each WeChat nobody meets another's by trying.</summary>
    public const int DigitCount = 8;

    public static BindingOffer New(string qr, string secret) => new(qr, RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture), secret);

    /// <summary>256 bits in 43 characters; a scene takes 64.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

/// <summary>A candidate waits for their WeChat to come; one at a time.</summary>
public sealed class BindingRequest
{
    /// <summary>Who takes longer begins again.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public Guid AccountId { get; init; }
    public byte[] SecretHash { get; init; } = [];
    public byte[] DigitsHash { get; init; } = [];
    public byte[] SealedOffer { get; init; } = [];
    public DateTimeOffset EndsAt { get; init; }
    public BindingRequestState State { get; private set; }
    public uint Version { get; init; }

    public bool Waits(DateTimeOffset now) => State is BindingRequestState.Waiting && now < EndsAt;

    /// <summary>A WeChat came, and is bound now or cannot be.</summary>
    public void Answer(Refusal? refusal) => State = refusal is null ? BindingRequestState.Bound : BindingRequestState.Elsewhere;

    public BindingOffer Offer(PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return JsonSerializer.Deserialize<BindingOffer>(data.Open(SealedOffer, Place(AccountId)))!;
    }

    public static string Place(Guid accountId) => $"binding_requests.sealed_offer/{accountId:N}";

    public static byte[] HashOfDigits(PersonalData data, string digits)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Hash("binding digits", digits);
    }
}

/// <summary>What is bound to whom, and who follows.</summary>
public sealed class Bindings(IdentityDb db, PersonalData data, TimeProvider clock)
{
    public static readonly Refusal There = new("binding-there", "Another account of that kind is bound to you already; unbind it first.");
    private static readonly Refusal Elsewhere = new("binding-elsewhere", "This account is bound to another candidate; who it belongs to can unbind it there.");

    /// <summary>The candidate who has bound this outside account.</summary>
    public Task<Account?> Whose(BindingKind kind, OutsidePerson person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        var hash = Binding.HashOf(data, kind, person.Id);
        return db.Accounts.SingleOrDefaultAsync(a => a.Role == AccountRole.Candidate && db.Bindings.Any(b => b.AccountId == a.Id && b.Kind == kind && b.PersonHash == hash), cancellationToken);
    }

    /// <summary>Binds and saves. The same once more changes nothing.</summary>
    public async Task<Refusal?> Bind(Guid accountId, BindingKind kind, OutsidePerson person, string address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        var (hash, follower) = (Binding.HashOf(data, kind, person.Id), person.FollowerId is { } id ? Follower.HashOf(data, id) : null);
        var found = await db.Bindings.Where(b => b.Kind == kind && (b.AccountId == accountId || b.PersonHash == hash)).ToListAsync(cancellationToken);
        if (found.Exists(b => b.AccountId != accountId)) return Elsewhere;
        if (found is [var own])
        {
            if (!own.PersonHash.AsSpan().SequenceEqual(hash)) return There;
            own.FollowerHash = follower ?? own.FollowerHash;
            own.Learn(person, data);
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        var bindingId = Guid.CreateVersion7();
        var binding = new Binding { Id = bindingId, AccountId = accountId, Kind = kind, PersonHash = hash, FollowerHash = follower, SealedPerson = data.SealText(person.Id, Binding.Place(bindingId)), BoundAt = clock.GetUtcNow() };
        binding.Learn(person, data);
        var record = new SignInRecord { AccountId = accountId, At = clock.GetUtcNow(), Address = address, Result = SignInResult.Bound };
        try
        {
            db.AddRange(binding, record);
            db.Publish(accountId, new SignInMeansChanged(accountId, clock.GetUtcNow())); // what is bound signs in
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            foreach (var entry in db.ChangeTracker.Entries().Where(e => e.State is EntityState.Added).ToList()) entry.State = EntityState.Detached;
            return await Bind(accountId, kind, person, address, cancellationToken); // somebody was first: now it is found
        }
    }

    /// <summary>Keeps what a sign-in told of an account that is bound. Does not save.</summary>
    public async Task Learn(Guid accountId, BindingKind kind, OutsidePerson person, CancellationToken cancellationToken) =>
        (await db.Bindings.SingleOrDefaultAsync(b => b.AccountId == accountId && b.Kind == kind, cancellationToken))?.Learn(person, data);

    /// <summary>A candidate's open id at one of our WeChat applications; null where they have bound nothing, or that application has not met them.</summary>
    public async Task<string?> OpenId(Guid accountId, WeChatApp app, CancellationToken cancellationToken)
    {
        var bound = await db.Bindings.AsNoTracking().SingleOrDefaultAsync(b => b.AccountId == accountId && b.Kind == BindingKind.WeChat, cancellationToken);
        if (bound?.OpenId(app, data) is { } known) return known;
        if (bound is null || app != WeChatApp.Account) return null;
        // whoever was bound elsewhere is known once they follow
        var follower = await db.Followers.AsNoTracking().FirstOrDefaultAsync(f => f.Hash == bound.FollowerHash || f.PersonHash == bound.PersonHash, cancellationToken);
        return follower is null ? null : data.OpenText(follower.SealedId, Follower.Place(follower.Hash));
    }

    /// <summary>A WeChat has come for a candidate who waits for it.</summary>
    public async Task<Refusal?> Answer(BindingRequest request, OutsidePerson person, string address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var refusal = await Bind(request.AccountId, BindingKind.WeChat, person, address, cancellationToken);
        request.Answer(refusal);
        await db.SaveChangesAsync(cancellationToken);
        return refusal;
    }

    /// <summary>In one statement: the newer telling counts, in whatever order they come.</summary>
    public Task Tell(string followerId, string? unionId, bool follows, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (hash, person) = (Follower.HashOf(data, followerId), unionId is null ? null : Binding.HashOf(data, BindingKind.WeChat, unionId));
        return db.Database.ExecuteSqlAsync($"""
            insert into followers as f (hash, person_hash, sealed_id, follows, told_at) values ({hash}, {person}, {data.SealText(followerId, Follower.Place(hash))}, {follows}, {at})
            on conflict (hash) do update set
              follows = case when excluded.told_at >= f.told_at then excluded.follows else f.follows end,
              told_at = greatest(excluded.told_at, f.told_at),
              person_hash = coalesce(excluded.person_hash, f.person_hash)
            """, cancellationToken);
    }

    public Task<bool> Follows(Binding binding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return db.Followers.AnyAsync(f => f.Follows && (f.Hash == binding.FollowerHash || f.PersonHash == binding.PersonHash), cancellationToken);
    }

    /// <summary>The open id at the official account of who has bound their WeChat and follows; null for everybody else.</summary>
    public async Task<string?> FollowerId(Guid accountId, CancellationToken cancellationToken) =>
        await Followers([accountId]).Select(f => f.Follower).AsNoTracking().FirstOrDefaultAsync(cancellationToken) is { } found ? data.OpenText(found.SealedId, Follower.Place(found.Hash)) : null;

    /// <summary>Those of these accounts that have bound their WeChat and follow.</summary>
    public async Task<HashSet<Guid>> Following(IReadOnlyList<Guid> accountIds, CancellationToken cancellationToken) => await Followers(accountIds).Select(f => f.AccountId).ToHashSetAsync(cancellationToken);

    private IQueryable<FollowingAccount> Followers(IReadOnlyList<Guid> accountIds) =>
        from binding in db.Bindings
        from follower in db.Followers
        where accountIds.Contains(binding.AccountId) && binding.Kind == BindingKind.WeChat && follower.Follows && (follower.Hash == binding.FollowerHash || follower.PersonHash == binding.PersonHash)
        select new FollowingAccount { AccountId = binding.AccountId, Follower = follower };

    private sealed class FollowingAccount
    {
        public Guid AccountId { get; init; }
        public required Follower Follower { get; init; }
    }

    /// <summary>Who has been bound, as the outside platform knows them; null where nobody is.</summary>
    public async Task<string?> PersonId(Guid accountId, BindingKind kind, CancellationToken cancellationToken) =>
        await db.Bindings.AsNoTracking().SingleOrDefaultAsync(b => b.AccountId == accountId && b.Kind == kind, cancellationToken) is { } bound ? data.OpenText(bound.SealedPerson, Binding.Place(bound.Id)) : null;
}
