using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ExamPlatform.Applications.Tests;

public sealed class ReceiptTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Fact]
    public async Task A_receipt_proves_with_the_published_key_what_was_sent_in_and_when()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        var reply = await Person.Json(await person.Http.GetAsync($"{person.Address}/submissions/1/receipt"));
        var sent = await Person.Json(await person.Http.GetAsync($"{person.Address}/submissions/1"));

        var proof = await Verify((string)reply["receipt"]!);

        Assert.True(proof.IsValid, proof.Exception?.Message);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((string)reply["content"]!))), proof.Claims["sha256"]);
        Assert.Equal((1L, (string)sent["verificationCode"]!, person.Application.ToString()), (Convert.ToInt64(proof.Claims["version"], null), (string)proof.Claims["verificationCode"], (string)proof.Claims["application"]));
        Assert.Contains("示例医院", (string)reply["content"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_that_was_tampered_with_proves_nothing()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        var parts = ((string)(await Person.Json(await person.Http.GetAsync($"{person.Address}/submissions/1/receipt")))["receipt"]!).Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal);

        Assert.False((await Verify($"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}")).IsValid);
    }

    private async Task<TokenValidationResult> Verify(string receipt)
    {
        var keys = await service.Anonymous().GetFromJsonAsync<JsonObject>("/api/programmes/receipt-keys");
        return await new JsonWebTokenHandler().ValidateTokenAsync(receipt, new()
        {
            IssuerSigningKeys = new JsonWebKeySet(keys!.ToJsonString()).Keys,
            ValidIssuer = Receipts.Issuer,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
    }
}
