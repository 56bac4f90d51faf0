using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Messages.Tests;

/// <summary>After a new data key what the older ones sealed is sealed anew, and they can go.</summary>
public sealed class ResealTests : IAsyncLifetime
{
    private const string Address = "/api/operations/probe/data-keys";
    private ProbeService service = null!;

    public async Task InitializeAsync() => service = await ProbeService.Start(await ProbeService.ADatabase());

    public async Task DisposeAsync() => await service.DisposeAsync();

    /// <summary>So many secrets that each says its number, and one that says nothing.</summary>
    private async Task<List<Guid>> Sealed(int count)
    {
        var secrets = Enumerable.Range(0, count).Select(n => new Secret { Id = Guid.NewGuid() }).ToList();
        foreach (var (n, secret) in secrets.Index()) secret.Sealed = service.Seals.SealText($"secret {n}", secret.Place);
        await service.Query(db =>
        {
            db.AddRange([.. secrets, new Secret { Id = Guid.NewGuid() }]);
            return db.SaveChangesAsync();
        });
        return secrets.ConvertAll(secret => secret.Id);
    }

    private Task<List<string>> Read(List<Guid> ids) => service.Query(async db =>
        (await db.Secrets.AsNoTracking().Where(s => s.Sealed != null).ToListAsync()).OrderBy(s => ids.IndexOf(s.Id)).Select(s => service.Seals.OpenText(s.Sealed, s.Place)).ToList());

    private Task<List<int>> Numbers() => service.Query(db => db.Secrets.Where(s => s.Sealed != null).Select(s => (int)s.Sealed![0]).Distinct().Order().ToListAsync());

    private Task<HttpResponseMessage> Retire(int number) => service.As(TokenNames.Operator).PostAsync($"{Address}/{number}/retirement", null);

    private Task Age() => service.Query(db => db.Database.ExecuteSqlAsync($"update data_keys set created_at = created_at - interval '1 hour'"));

    [Fact]
    public async Task All_batches_are_sealed_anew_and_say_what_they_said_and_a_second_pass_finds_nothing()
    {
        var ids = await Sealed(250);
        var number = await service.Seals.Rotate(default);

        Assert.Equal(250, await service.Reseal());

        Assert.Equal([number], await Numbers());
        Assert.Equal(Enumerable.Range(0, 250).Select(n => $"secret {n}"), await Read(ids));
        Assert.Equal(0, await service.Reseal());
    }

    [Fact]
    public async Task A_row_that_somebody_holds_is_left_for_the_next_pass_and_nobody_waits()
    {
        var ids = await Sealed(3);
        var number = await service.Seals.Rotate(default);
        await service.Query(async db =>
        {
            await using var held = await db.Database.BeginTransactionAsync();
            await db.Database.ExecuteSqlAsync($"select from secrets where id = {ids[1]} for update");
            Assert.Equal(2, await service.Reseal());
            return 0;
        });

        Assert.Equal(1, await service.Reseal());

        Assert.Equal([number], await Numbers());
    }

    [Fact]
    public async Task Replicas_that_sweep_together_do_each_row_once()
    {
        await Sealed(300);
        await service.Seals.Rotate(default);

        var done = await Task.WhenAll(service.Reseal(), service.Reseal(), service.Reseal());

        Assert.Equal(300, done.Sum() + await service.Reseal());
    }

    [Fact]
    public async Task A_key_goes_only_when_nothing_is_sealed_under_it_and_every_replica_knows_the_next_one()
    {
        var (ids, old) = (await Sealed(3), (await Numbers())[0]);
        Assert.Equal("data-key-current", (await (await Retire(old)).Problem(HttpStatusCode.Conflict)).Code);
        await service.Seals.Rotate(default);
        Assert.Equal("data-key-in-use", (await (await Retire(old)).Problem(HttpStatusCode.Conflict)).Code);
        await service.Reseal();
        Assert.Equal("data-key-current", (await (await Retire(old)).Problem(HttpStatusCode.Conflict)).Code);
        await Age();

        Assert.Equal(HttpStatusCode.NoContent, (await Retire(old)).StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, (await Retire(old)).StatusCode);
        var left = Assert.Single((await service.As(TokenNames.Operator).GetFromJsonAsync<List<Reseal.KeyInUse>>(Address))!);
        Assert.Equal((true, 3L, old + 1), (left.Present, left.Values, left.Number));
        Assert.Equal("secret 0", (await Read(ids))[0]);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(TokenNames.Officer).GetAsync(Address)).StatusCode);
    }

    [Fact]
    public async Task What_lies_under_an_owners_key_stays_as_it_is_while_the_key_is_sealed_anew_and_goes_with_it()
    {
        var owner = Guid.NewGuid();
        var key = await service.Owners(keys => keys.Of(owner, default));
        var kept = Seals.Seal("张三"u8, key, "notes.text/1");
        var number = await service.Seals.Rotate(default);

        Assert.Equal(1, await service.Reseal());

        Assert.Equal(number, await service.Query(db => db.Set<OwnerKey>().Select(k => (int)k.Sealed[0]).SingleAsync()));
        var found = (await service.Owners(keys => keys.Find([owner], default)))[owner];
        Assert.Equal("张三", System.Text.Encoding.UTF8.GetString(Seals.Open(kept, found, "notes.text/1")));
        await service.Owners(async keys =>
        {
            await keys.Shred([owner], default);
            return 0;
        });
        Assert.Empty(await service.Owners(keys => keys.Find([owner], default)));
    }
}
