using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Identities.Tests;

public class SigningKeysTests
{
    [Fact]
    public async Task Replicas_that_start_at_once_agree_on_one_key()
    {
        await using var identity = new IdentityFixture();
        var replicas = Enumerable.Range(0, 8).Select(_ => ActivatorUtilities.CreateInstance<SigningKeys>(identity.Services)).ToList();

        var kids = await Task.WhenAll(replicas.Select(async replica => (await replica.Current(CancellationToken.None)).KeyId));

        Assert.Single(kids.Distinct());
        Assert.Equal(1, await identity.Query(db => db.SigningKeys.CountAsync()));
    }

    [Fact]
    public async Task The_private_key_lies_encrypted()
    {
        await using var identity = new IdentityFixture();
        var keys = identity.Services.GetRequiredService<SigningKeys>();
        var pair = (await keys.Current(CancellationToken.None)).ECDsa;

        var kept = await identity.Query(db => db.SigningKeys.Select(k => k.SealedKey).SingleAsync());

        Assert.Equal(-1, kept.AsSpan().IndexOf(pair.ExportParameters(includePrivateParameters: true).D));
    }
}
