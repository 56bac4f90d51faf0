using System.Net;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ExamPlatform.Applications.Tests;

/// <summary>Places in recruiting plans: never more than there are, never lost.</summary>
public sealed class PlanTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    public void Dispose() => service.Clock.Now = Hp.Now;

    [Fact]
    public async Task Ten_thousand_claims_at_once_on_a_hundred_places_take_a_hundred()
    {
        await service.Publish(Exams.WithPlaces("CROWD", a: 100));
        await using var pool = Pool(50);

        var claims = await Task.WhenAll(Enumerable.Range(0, 10_000).Select(_ => Claim(pool, "CROWD", keep: true, "A")));

        Assert.Equal(100, claims.Count(c => c is not null));
        Assert.Equal(("A", 100, 100), (await service.Places("CROWD"))[0]);
    }

    [Fact]
    public async Task People_who_want_the_same_places_in_any_order_never_block_each_other_and_fill_them_all()
    {
        await service.Publish(Exams.WithPlaces("ORDERS", a: 30, b: 30, c: 30));
        await using var pool = Pool(40);
        string[][] orders = [["A", "B", "C"], ["C", "B", "A"], ["B", "A", "C"], ["C", "A", "B"]];

        var claims = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => Claim(pool, "ORDERS", keep: true, orders[i % 4])));

        Assert.Equal(90, claims.Count(c => c is not null));
        Assert.Equal([("A", 30, 30), ("B", 30, 30), ("C", 30, 30)], await service.Places("ORDERS"));
    }

    [Fact]
    public async Task Who_moves_never_blocks_who_moves_the_other_way_and_no_place_is_lost()
    {
        await service.Publish(Exams.WithPlaces("SWAP", a: 40, b: 40, c: 0));
        await using var pool = Pool(40);
        for (var i = 0; i < 20; i++) await Task.WhenAll(Claim(pool, "SWAP", keep: true, "A"), Claim(pool, "SWAP", keep: true, "B"));

        var moves = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Move(pool, "SWAP", from: i % 2 == 0 ? "A" : "B", to: i % 2 == 0 ? "B" : "A")));

        Assert.All(moves, Assert.NotNull);
        Assert.Equal([("A", 40, 20), ("B", 40, 20), ("C", 0, 0)], await service.Places("SWAP"));
    }

    [Fact]
    public async Task Places_given_back_together_are_locked_in_the_order_in_which_they_are_taken()
    {
        await service.Publish(Exams.WithPlaces("TOGETHER"));
        var (b, a) = (await Submitted("TOGETHER", "B"), await Submitted("TOGETHER", "A"));
        await using var pool = Pool(2);
        await using var other = await pool.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await Lock(other, "A", "");
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ApplicationDb>();
        foreach (var person in (Person[])[b, a]) Hp.Must((await db.Applications.SingleAsync(x => x.Id == person.Application)).GiveUp(Exams.Small("TOGETHER"), service.Clock.Now));
        var saved = db.SaveChangesAsync();
        await Until.Async(() => service.Query(x => x.Database.SqlQuery<int>($"select count(*)::int as \"Value\" from pg_stat_activity where wait_event_type = 'Lock' and query like '%plan_places%'").SingleAsync().ContinueWith(n => n.Result > 0)));

        await Lock(other, "B", "nowait"); // whoever waits for A does not hold B yet
        await transaction.CommitAsync();
        await saved;
        Assert.Equal([("A", 1, 0), ("B", 1, 0), ("C", 1, 0)], await service.Places("TOGETHER"));
    }

    private static async Task Lock(NpgsqlConnection connection, string @base, string wait)
    {
        await using var command = new NpgsqlCommand($"select 1 from plan_places where programme_code = 'TOGETHER' and base = '{@base}' for update {wait}", connection);
        await command.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task A_claim_that_is_rolled_back_gives_its_place_back()
    {
        await service.Publish(Exams.WithPlaces("BACK"));
        await using var pool = Pool(2);

        Assert.NotNull(await Claim(pool, "BACK", keep: false, "A"));
        Assert.Equal(("A", 1, 0), (await service.Places("BACK"))[0]);
        Assert.NotNull(await Claim(pool, "BACK", keep: true, "A"));
    }

    [Fact]
    public async Task The_first_wanted_place_that_is_free_is_taken_and_when_all_are_full_nothing_is_written()
    {
        await service.Publish(Exams.WithPlaces("RANKED", c: 0));
        var (first, second, third) = (await Submitted("RANKED", "A", "B"), await Submitted("RANKED", "A", "B"), await service.Applicant("RANKED").Wanting("A", "C", "B"));

        var refused = await third.TrySubmit();

        Assert.Equal(("A", "B"), (await PlaceOf(first), await PlaceOf(second)));
        Assert.Equal((HttpStatusCode.Conflict, "plan-full"), await refused.Problem());
        Assert.Equal([("A", 1, 1), ("B", 1, 1), ("C", 0, 0)], await service.Places("RANKED"));
        Assert.Empty(await service.Published<ApplicationSubmitted>(third.Application));
        Assert.Equal("draft", (string)(await third.Look())["status"]!["where"]!);
    }

    [Fact]
    public async Task Two_who_submit_for_the_last_place_at_once_get_it_once()
    {
        await service.Publish(Exams.WithPlaces("LAST"));
        var people = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => service.Applicant("LAST").Wanting("A")));

        var replies = await Task.WhenAll(people.Select((p, i) => p.TrySubmit(i % 2 == 0 ? $"{i}" : null)));

        Assert.Single(replies, r => r.StatusCode == HttpStatusCode.Created);
        foreach (var reply in replies.Where(r => r.StatusCode != HttpStatusCode.Created)) Assert.Equal((HttpStatusCode.Conflict, "plan-full"), await reply.Problem());
        Assert.Equal(("A", 1, 1), (await service.Places("LAST"))[0]);
    }

    [Fact]
    public async Task Withdrawing_giving_up_and_a_rejection_give_the_place_back()
    {
        await service.Publish(Exams.WithPlaces("FREED", a: 3));
        var (withdrawn, abandoned, rejected) = (await Submitted("FREED", "A"), await Submitted("FREED", "A"), await Submitted("FREED", "A"));
        Assert.Equal(3, (await service.Places("FREED"))[0].Taken);

        await withdrawn.Http.Post("", $"{withdrawn.Address}/withdrawal");
        Assert.Equal(2, (await service.Places("FREED"))[0].Taken);
        await abandoned.Http.Post("", $"{abandoned.Address}/abandonment");
        Assert.Equal(1, (await service.Places("FREED"))[0].Taken);
        await rejected.ReviewPassed("first");
        await rejected.ReviewFailed("second");
        Assert.Equal(0, (await service.Places("FREED"))[0].Taken);
    }

    [Fact]
    public async Task A_returned_application_keeps_its_place_until_the_correction_is_missed()
    {
        await service.Publish(Exams.WithPlaces("MISSED"));
        var person = await Submitted("MISSED", "A");
        await person.ReviewFailed("first");
        Assert.Equal("A", await PlaceOf(person));

        service.Clock.Now = Hp.AfterAll;
        await Until.Async(async () => (string)(await person.Look())["status"]!["where"]! == "abandoned");

        Assert.Equal((0, null), ((await service.Places("MISSED"))[0].Taken, await PlaceOf(person)));
    }

    [Fact]
    public async Task Submitting_again_for_another_base_moves_the_place_and_for_the_same_keeps_it()
    {
        await service.Publish(Exams.WithPlaces("MOVES", b: 1));
        var (full, person) = (await Submitted("MOVES", "C"), await Submitted("MOVES", "A"));
        await person.ReviewFailed("first");
        await Task.FromResult(person).Wanting("C", "B", "A");
        await person.Submit();
        Assert.Equal(("B", "0 1 1"), (await PlaceOf(person), await Taken("MOVES")));

        await person.ReviewFailed("first", version: 2);
        await Task.FromResult(person).Wanting("C", "B");
        await person.Submit();
        Assert.Equal(("B", "0 1 1"), (await PlaceOf(person), await Taken("MOVES")));

        await person.ReviewFailed("first", version: 3);
        await Task.FromResult(person).Wanting("C");
        Assert.Equal((HttpStatusCode.Conflict, "plan-full"), await (await person.TrySubmit()).Problem());
        Assert.Equal(("B", "0 1 1", "C"), (await PlaceOf(person), await Taken("MOVES"), await PlaceOf(full)));
    }

    [Fact]
    public async Task Publishing_sets_the_quotas_drops_lines_that_are_gone_and_leaves_what_is_taken()
    {
        var exam = await service.Publish(Exams.WithPlaces("QUOTAS", a: 2));
        var person = await Submitted("QUOTAS", "A");
        await service.Publish(exam.Next(s => s with { Plans = [new("1", "A", "内科", 7), new("1", "C", "内科", 4)] }));

        Assert.Equal([("A", 7, 1), ("C", 4, 0)], await service.Places("QUOTAS"));
        Assert.Equal(6, (int)(await Person.Json(await service.Anonymous().GetAsync("/api/programmes/QUOTAS/plans")))[0]!["free"]!);
        Assert.Equal("A", await PlaceOf(person));
    }

    [Fact]
    public async Task A_base_that_has_joined_since_can_be_wanted_by_who_started_before()
    {
        var exam = await service.Publish(Exams.WithPlaces("JOINED"));
        var person = await service.Applicant("JOINED");
        await service.Publish(exam.Next(s => s with { Bases = [.. s.Bases!, new("D", "基地D", "110000", "110100")], Plans = [.. s.Plans!, new("1", "D", "内科", 1)] }));

        await (await Task.FromResult(person).Wanting("D")).Submit();

        Assert.Equal("D", await PlaceOf(person));
    }

    private NpgsqlDataSource Pool(int connections) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(service.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString) { MaxPoolSize = connections, Timeout = 300 });

    private ApplicationDb Db(NpgsqlDataSource pool) => new(new DbContextOptionsBuilder<ApplicationDb>().UseNpgsql(pool).Options, service.Services.GetRequiredService<Seals>());

    private async Task<Preference?> Claim(NpgsqlDataSource pool, string programme, bool keep, params string[] bases)
    {
        await using var db = Db(pool);
        await using var transaction = await db.Database.BeginTransactionAsync();
        var place = await db.TakePlace(programme, "2027", "1", [.. bases.Select(b => new Preference(b, "内科"))], null, CancellationToken.None);
        if (keep) await transaction.CommitAsync();
        return place;
    }

    private async Task<Preference?> Move(NpgsqlDataSource pool, string programme, string from, string to)
    {
        await using var db = Db(pool);
        await using var transaction = await db.Database.BeginTransactionAsync();
        var place = await db.TakePlace(programme, "2027", "1", [new(to, "内科")], new("1", from, "内科"), CancellationToken.None);
        await transaction.CommitAsync();
        return place;
    }

    private async Task<Person> Submitted(string programme, params string[] bases) => await (await service.Applicant(programme).Wanting(bases)).Submit();

    private async Task<string> Taken(string programme) => string.Join(' ', (await service.Places(programme)).Select(p => p.Taken));

    private static async Task<string?> PlaceOf(Person person) => (string?)(await person.Look())["place"]?["base"];
}
