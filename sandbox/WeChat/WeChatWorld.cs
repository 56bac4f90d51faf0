using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.WeChat;

/// <summary>A two-dimensional code of the official account.</summary>
public sealed record Scene(string Value, string Ticket, DateTimeOffset EndsAt);

/// <summary>What a person lets an application have, once.</summary>
public sealed record Grant(string AppId, string Person, bool WithUnion, DateTimeOffset EndsAt)
{
    public bool Used { get; init; }
}

/// <summary>
/// People by the names that tests give them; whoever is named exists. Each has one open id per application and one union id over all applications of the open-platform account.
/// </summary>
public sealed class WeChatWorld(IOptions<WeChatOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(7200), Overlap = TimeSpan.FromMinutes(5), Ahead = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, bool> follows = new();
    private readonly ConcurrentDictionary<string, Scene> scenes = new();
    private readonly ConcurrentDictionary<string, string> namesByOpenId = new();
    private readonly ConcurrentDictionary<string, Grant> grants = new();
    private readonly ConcurrentDictionary<string, (string AppId, DateTimeOffset EndsAt)> tokens = new();
    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Token, DateTimeOffset EndsAt)> stable = [];
    private readonly Dictionary<string, string> last = [];

    public bool Follows(string person) => follows.GetValueOrDefault(person);

    public IReadOnlyList<string> Followers => [.. follows.Where(f => f.Value).Select(f => f.Key).Order(StringComparer.Ordinal)];

    public void SetFollows(string person, bool value) => follows[person] = value;

    public string OpenIdOf(string appId, string person)
    {
        var id = "o" + Short($"{appId}\n{person}", 27);
        namesByOpenId[id] = person;
        return id;
    }

    /// <summary>Whether an application is of our open-platform account.</summary>
    public bool IsOurs(string appId) => appId == options.Value.AccountAppId || appId == options.Value.MiniProgramAppId;

    /// <summary>Whether somebody was seen with this open id at this application.</summary>
    public bool Knows(string appId, string openId) => namesByOpenId.GetValueOrDefault(openId) is { } person && OpenIdOf(appId, person) == openId;

    public static string UnionIdOf(string person) => "o6_" + Short($"union\n{person}", 25);

    /// <summary>Who has this open id at the official account; null where nobody was seen with it.</summary>
    public string? PersonOf(string openId) => PersonOf(openId, options.Value.AccountAppId);

    /// <summary>Whose open id it is in an application; null where nobody was seen with it there.</summary>
    public string? PersonOf(string openId, string appId) => namesByOpenId.GetValueOrDefault(openId) is { } person && OpenIdOf(appId, person) == openId ? person : null;

    /// <summary>A new one each time (cgi-bin/token): the one before goes on for five minutes.</summary>
    public string NewToken(string appId)
    {
        lock (gate)
        {
            if (last.TryGetValue(appId, out var before)) tokens[before] = (appId, Earlier(tokens[before].EndsAt, clock.GetUtcNow() + Overlap));
            return last[appId] = Issue(appId).Token;
        }
    }

    /// <summary>The same one until it nears its end (stable_token), or a new one at once.</summary>
    public (string Token, int ExpiresIn) StableToken(string appId, bool force)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            var known = stable.TryGetValue(appId, out var held);
            if (force && known) tokens[held.Token] = (appId, now);
            if (force || !known || held.EndsAt - Ahead <= now) stable[appId] = held = Issue(appId);
            return (held.Token, (int)(held.EndsAt - now).TotalSeconds);
        }
    }

    /// <summary>0 where the token is good for the application, 42001 where its time is over, 40001 where it never was one.</summary>
    public int Fault(string? token, string appId) => token is null || !tokens.TryGetValue(token, out var held) || held.AppId != appId ? 40001 : held.EndsAt <= clock.GetUtcNow() ? 42001 : 0;

    /// <summary>All access tokens are void at once, as after somebody has forced a new one elsewhere.</summary>
    public void ForgetTokens()
    {
        lock (gate)
        {
            tokens.Clear();
            stable.Clear();
            last.Clear();
        }
    }

    public Scene NewScene(string value, int seconds)
    {
        var scene = new Scene(value, "gQ" + Short(Guid.NewGuid().ToString(), 40), clock.GetUtcNow().AddSeconds(seconds));
        return scenes[Key(scene.Ticket)] = scene;
    }

    /// <summary>By its ticket, by the last segment of the address that the code holds, or by the scene itself; null where there is none or its time is over.</summary>
    public Scene? FindScene(string sought)
    {
        var found = scenes.GetValueOrDefault(Key(sought)) ?? scenes.GetValueOrDefault(sought) ?? scenes.Values.FirstOrDefault(scene => scene.Value == sought);
        return found is not null && found.EndsAt > clock.GetUtcNow() ? found : null;
    }

    /// <summary>The last segment of the address that a code holds.</summary>
    public static string Key(string ticket) => Short(ticket, 24);

    public string NewGrant(string appId, string person, bool withUnion, TimeSpan life)
    {
        var code = "0" + Short(Guid.NewGuid().ToString(), 31);
        grants[code] = new(appId, person, withUnion, clock.GetUtcNow() + life);
        return code;
    }

    /// <summary>Uses a code up. Fault 40029: there is none, of this application, that lives; 40163: it was used.</summary>
    public (Grant? Grant, int Fault) Use(string code, string appId)
    {
        lock (gate)
        {
            if (!grants.TryGetValue(code, out var grant) || grant.AppId != appId || grant.EndsAt <= clock.GetUtcNow()) return (null, 40029);
            if (grant.Used) return (null, 40163);
            grants[code] = grant with { Used = true };
            return (grant, 0);
        }
    }

    private (string Token, DateTimeOffset EndsAt) Issue(string appId)
    {
        var issued = (Token: "80_" + Short(Guid.NewGuid().ToString(), 43), EndsAt: clock.GetUtcNow() + TokenLife);
        tokens[issued.Token] = (appId, issued.EndsAt);
        return issued;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static string Short(string text, int length) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..length];
}
