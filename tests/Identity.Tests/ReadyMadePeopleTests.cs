using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static ExamPlatform.Identities.Tests.IdentityFixture;

namespace ExamPlatform.Identities.Tests;

public class ReadyMadePeopleTests
{
    [Fact]
    public async Task Seeding_again_adds_nobody_and_takes_over_a_new_password()
    {
        await using var identity = new IdentityFixture();
        var before = await identity.Query(db => db.Accounts.CountAsync());
        var settings = identity.Services.GetRequiredService<IOptions<IdentitySettings>>();
        settings.Value.ReadyMadePassword = "another-password-1";

        for (var i = 0; i < 2; i++)
            await identity.Query(async db => { await ActivatorUtilities.CreateInstance<ReadyMadePeople>(identity.Services).SeedAsync(db, CancellationToken.None); return 0; });

        Assert.Equal((7, 7), (before, await identity.Query(db => db.Accounts.CountAsync())));
        await Body(await identity.SignIn("site-110100", "another-password-1"), 201);
        await Body(await identity.SignIn("site-110100", ReadyMadePassword), 401);
    }
}
