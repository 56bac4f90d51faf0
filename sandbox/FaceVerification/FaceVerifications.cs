using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ExamPlatform.Sandbox.FaceVerification;

public enum FaceState { Pending, Passed, Failed }

/// <param name="Liveness">Whether a living person was before the camera.</param>
public sealed record Verification(string Id, string Token, string Name, string Number, string ReturnUrl, FaceState State = FaceState.Pending, bool Liveness = false);

public sealed class Verifications
{
    private readonly ConcurrentDictionary<string, Verification> all = new(StringComparer.Ordinal);

    public Verification Create(string name, string number, string returnUrl)
    {
        var verification = new Verification($"fv-{Guid.NewGuid():N}", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), name, number, returnUrl);
        return all[verification.Id] = verification;
    }

    public Verification? Find(string id) => all.GetValueOrDefault(id);

    public Verification? ByToken(string token) => all.Values.FirstOrDefault(v => v.Token == token);

    /// <summary>One of a number that waits.</summary>
    public Verification? Waiting(string number) => all.Values.FirstOrDefault(v => v.Number == number && v.State is FaceState.Pending);

    public void Finish(Verification verification, bool passed, bool liveness)
    {
        ArgumentNullException.ThrowIfNull(verification);
        all[verification.Id] = verification with { State = passed ? FaceState.Passed : FaceState.Failed, Liveness = liveness };
    }
}

/// <summary>What the platform asks, under the shared secret.</summary>
public static class AskFace
{
    public sealed record Asked(string Name, string Number, string ReturnUrl);

    public sealed record Query(string VerificationId);

    public static IResult Create(Asked asked, Verifications verifications, HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(verifications);
        ArgumentNullException.ThrowIfNull(request);
        if (asked.Number.Length != 18 || asked.Name.Length == 0 || !Uri.TryCreate(asked.ReturnUrl, UriKind.Absolute, out _)) return SharedSecretExchange.Refused(400, "bad-question");
        var made = verifications.Create(asked.Name, asked.Number, asked.ReturnUrl);
        return Results.Ok(new { verificationId = made.Id, url = $"{request.Scheme}://{request.Host}/face/{made.Token}" });
    }

    public static IResult Result(Query query, Verifications verifications)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(verifications);
        return verifications.Find(query.VerificationId) is { } found ? Results.Ok(new { found.State, found.Liveness }) : SharedSecretExchange.Refused(404, "unknown-verification");
    }
}

/// <summary>The provider's page, with two buttons in the place of a camera.</summary>
public static class ShowFace
{
    public static IResult Page(string token, Verifications verifications)
    {
        ArgumentNullException.ThrowIfNull(verifications);
        if (verifications.ByToken(token) is null) return Results.NotFound();
        return Results.Content($"""
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{Words.Say("face.title")}</title></head><body><main><h1>{Words.Say("face.title")}</h1>
            <form method="post"><button name="passed" value="true">{Words.Say("face.pass")}</button> <button name="passed" value="false">{Words.Say("face.fail")}</button></form>
            </main></body></html>
            """, "text/html; charset=utf-8");
    }

    public static async Task<IResult> Finish(string token, HttpRequest request, Verifications verifications)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(verifications);
        if (verifications.ByToken(token) is not { State: FaceState.Pending } waiting) return Results.NotFound();
        var passed = (await request.ReadFormAsync())["passed"] == "true";
        verifications.Finish(waiting, passed, liveness: passed);
        return Results.Redirect(waiting.ReturnUrl);
    }
}
