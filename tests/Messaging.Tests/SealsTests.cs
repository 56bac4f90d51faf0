using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ExamPlatform.Messages.Tests;

public sealed class SealsTests : IAsyncLifetime
{
    private readonly Dictionary<string, string?> settings = new() { ["Sealing:Master"] = "one", ["Sealing:Masters:one"] = AKey() };
    private NpgsqlDataSource source = null!;

    public async Task InitializeAsync() => source = NpgsqlDataSource.Create(await ProbeService.ADatabase());

    public async Task DisposeAsync() => await source.DisposeAsync();

    /// <summary>A replica as it starts with the settings of now.</summary>
    private async Task<Seals> Replica()
    {
        var seals = new Seals(source, new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), NullLogger<Seals>.Instance);
        await seals.StartAsync(default);
        return seals;
    }

    private static string AKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task What_one_replica_seals_another_opens_at_its_place_only()
    {
        var (one, two) = (await Replica(), await Replica());
        var kept = one.SealText("张三𠮷", "people.name/1");

        Assert.Equal("张三𠮷", two.OpenText(kept, "people.name/1"));
        Assert.Throws<InvalidOperationException>(() => two.OpenText(kept, "people.name/2"));
        Assert.Throws<InvalidOperationException>(() => two.Open([], "people.name/1"));
    }

    [Fact]
    public async Task A_new_data_key_seals_from_then_on_and_the_old_ones_still_open_everywhere()
    {
        var (one, two) = (await Replica(), await Replica());
        var old = one.SealText("old", "x");

        var number = await one.Rotate(default);
        var young = one.SealText("young", "x");

        Assert.Equal((old[0] + 1, number), (young[0], young[0]));
        Assert.Equal(("old", "young"), (two.OpenText(old, "x"), two.OpenText(young, "x"))); // meets the new number for the first time
        Assert.Equal(number, two.SealText("later", "x")[0]);
        Assert.Equal("old", (await Replica()).OpenText(old, "x"));
    }

    [Fact]
    public async Task A_new_master_key_wraps_what_is_there_while_the_old_replicas_go_on_and_then_the_old_one_can_go()
    {
        var before = await Replica();
        var kept = before.SealText("kept", "x");

        (settings["Sealing:Master"], settings["Sealing:Masters:two"]) = ("two", AKey());
        var after = await Replica();
        Assert.Equal(("kept", "kept"), (before.OpenText(kept, "x"), after.OpenText(kept, "x")));

        settings.Remove("Sealing:Masters:one");
        Assert.Equal("kept", (await Replica()).OpenText(kept, "x"));
    }

    [Fact]
    public async Task Without_the_master_key_nothing_opens_and_the_start_says_what_to_set()
    {
        var kept = (await Replica()).SealText("kept", "x");
        settings["Sealing:Masters:one"] = AKey();
        await Assert.ThrowsAsync<InvalidOperationException>(Replica);

        settings["Sealing:Masters:one"] = "c2hvcnQ=";
        Assert.Contains("Sealing__Masters__", (await Assert.ThrowsAsync<InvalidOperationException>(Replica)).Message, StringComparison.Ordinal);
        Assert.NotEmpty(kept);
    }

    [Fact]
    public async Task Replicas_that_start_together_make_one_first_key()
    {
        var together = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Replica()));

        Assert.All(together, replica => Assert.Equal("x", replica.OpenText(together[0].SealText("x", "p"), "p")));
        await using var count = source.CreateCommand("select count(*) from data_keys");
        Assert.Equal(1L, await count.ExecuteScalarAsync());
    }
}
