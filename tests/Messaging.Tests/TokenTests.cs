using System.Net;
using System.Security.Cryptography;
using System.Text;
using ExamPlatform.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ExamPlatform.Messages.Tests;

public sealed class TokenTests(ProbeFixture probe) : IClassFixture<ProbeFixture>
{
    private static readonly DateTimeOffset Now = ProbeService.Clock.Now;

    public static TheoryData<string, string, string> BadTokens()
    {
        var good = Good(Now);
        var parts = good.Split('.');
        var operatorsClaims = Good(Now, role: TokenNames.Operator).Split('.')[1];
        return new()
        {
            { "expired", Good(Now.AddMinutes(-10)), "token-expired" },
            { "not yet valid", Good(Now.AddMinutes(2)), "token-expired" },
            { "signed by a foreign key", Foreign(SecurityAlgorithms.EcdsaSha256, new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" }), "token-invalid" },
            { "signed by HMAC", Foreign(SecurityAlgorithms.HmacSha256, new SymmetricSecurityKey(Encoding.UTF8.GetBytes("a secret of more than thirty-two bytes")) { KeyId = "test" }), "token-invalid" },
            { "alg none", Encode("""{"alg":"none","typ":"JWT"}""") + "." + parts[1] + ".", "token-invalid" },
            { "alg none with a signature", Encode("""{"alg":"none","typ":"JWT"}""") + "." + parts[1] + "." + parts[2], "token-invalid" },
            { "for another audience", TestTokens.Create(Now, Guid.NewGuid(), TokenNames.Candidate, audience: "urn:other"), "token-invalid" },
            { "of another kind under the same key", TestTokens.Create(Now, Guid.NewGuid(), TokenNames.Candidate, type: "JWT"), "token-invalid" },
            { "other claims under the same signature", $"{parts[0]}.{operatorsClaims}.{parts[2]}", "token-invalid" },
            { "cut off", good[..^5], "token-invalid" },
            { "no token at all", "abc", "token-invalid" },
        };
    }

    [Theory, MemberData(nameof(BadTokens))]
    public async Task A_bad_token_is_refused_with_its_code(string what, string token, string code)
    {
        var answer = await probe.Service.Client(token).GetAsync("/api/me");

        Assert.True(code == (await answer.Problem(HttpStatusCode.Unauthorized)).Code, what);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task Without_a_token_one_is_asked_to_sign_in() =>
        Assert.Equal("sign-in-required", (await (await probe.Service.Client().GetAsync("/api/me")).Problem(HttpStatusCode.Unauthorized)).Code);

    [Fact]
    public async Task A_role_nobody_knows_opens_nothing() =>
        Assert.Equal("not-allowed", (await (await probe.Service.As("stranger").GetAsync("/api/operations/probe/messages")).Problem(HttpStatusCode.Forbidden)).Code);

    [Fact]
    public async Task A_good_token_passes_until_its_last_second()
    {
        Assert.Equal(HttpStatusCode.OK, (await probe.Service.Client(Good(Now)).GetAsync("/api/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await probe.Service.Client(Good(Now.AddMinutes(-10).AddSeconds(1))).GetAsync("/api/me")).StatusCode);
    }

    private static string Good(DateTimeOffset at, string role = TokenNames.Candidate) => TestTokens.Create(at, Guid.NewGuid(), role);

    private static string Foreign(string algorithm, SecurityKey key) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        TokenType = TokenNames.Type,
        Issuer = TokenNames.Issuer,
        Audience = TokenNames.Audience,
        NotBefore = Now.UtcDateTime,
        Expires = Now.UtcDateTime.AddMinutes(10),
        SigningCredentials = new(key, algorithm),
        Claims = new Dictionary<string, object> { ["sub"] = Guid.NewGuid().ToString(), [TokenNames.Role] = TokenNames.Operator },
    });

    private static string Encode(string json) => Base64UrlEncoder.Encode(json);
}
