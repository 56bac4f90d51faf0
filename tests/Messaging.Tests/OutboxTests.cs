using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Messages.Tests;

public sealed class OutboxTests
{
    [Fact]
    public async Task The_bus_library_sends_nothing_to_its_makers()
    {
        await using var service = await ProbeService.Start(await ProbeService.ADatabase());

        Assert.False(service.TellsItsMakers);
    }

    [Fact]
    public async Task Two_dispatchers_send_each_message_once_and_each_aggregates_messages_in_order()
    {
        var (database, sent) = (await ProbeService.ADatabase(), new ConcurrentQueue<Happened>());
        await using var one = await ProbeService.Start(database);
        await using var two = await ProbeService.Start(database);
        var aggregates = Enumerable.Range(0, 12).Select(_ => Guid.NewGuid()).ToList();

        for (var number = 1; number <= 15; number++)
            await one.Query(db => Write(db, aggregates.Select(a => new Happened(a, number))));
        await Until.Async(() => one.Query(async db => !await db.Outbox.AnyAsync(m => m.SentAt == null)), what: "everything is sent");

        var all = one.Record.Happenings.Concat(two.Record.Happenings).ToList();
        Assert.Equal(12 * 15, all.Count);
        Assert.Equal(12 * 15, all.Distinct().Count());
        var inOrder = (await one.Query(db => db.Outbox.OrderBy(m => m.SentAt).ThenBy(m => m.Position).ToListAsync()))
            .Select(m => JsonSerializer.Deserialize<Happened>(m.Body, Messaging.Json)!).GroupBy(h => h.Aggregate);
        Assert.All(inOrder, g => Assert.Equal(Enumerable.Range(1, 15), g.Select(h => h.Number)));
        Assert.All(one.Record.Happenings.GroupBy(h => h.Aggregate).Concat(two.Record.Happenings.GroupBy(h => h.Aggregate)), g => Assert.Equal(g.Select(h => h.Number).Order(), g.Select(h => h.Number)));
    }

    [Fact]
    public async Task Messages_of_one_save_go_out_in_the_order_they_were_published_in()
    {
        await using var service = await ProbeService.Start(await ProbeService.ADatabase());
        var aggregate = Guid.NewGuid();

        await service.Query(db => Write(db, Enumerable.Range(1, 40).Select(number => new Happened(aggregate, number))));
        await Until.Async(() => Task.FromResult(service.Record.Happenings.Count() == 40), what: "all are sent");

        Assert.Equal(Enumerable.Range(1, 40), service.Record.Happenings.Select(h => h.Number));
    }

    [Fact]
    public async Task While_one_dispatcher_hangs_on_a_message_the_other_sends_the_rest_and_never_overtakes()
    {
        var (database, stuck, open, hung) = (await ProbeService.ADatabase(), Guid.NewGuid(), new TaskCompletionSource(), new TaskCompletionSource());
        Task Gate(object message)
        {
            if (message is not Happened { Number: 1 } happened || happened.Aggregate != stuck) return Task.CompletedTask;
            hung.TrySetResult();
            return open.Task;
        }
        await using var one = await ProbeService.Start(database, Gate);
        await using var two = await ProbeService.Start(database, Gate);
        await one.Query(db => Write(db, [new Happened(stuck, 1), new Happened(stuck, 2)]));
        await hung.Task.WaitAsync(TimeSpan.FromSeconds(10));

        var others = Enumerable.Range(0, 30).Select(_ => new Happened(Guid.NewGuid(), 1)).ToList();
        await one.Query(db => Write(db, others));
        await Until.Async(() => Task.FromResult(Both(one, two).Count(h => h.Aggregate != stuck) == 30), TimeSpan.FromSeconds(8), "the others are sent");
        Assert.DoesNotContain(Both(one, two), h => h.Aggregate == stuck);
        open.SetResult();

        await Until.Async(() => one.Query(async db => !await db.Outbox.AnyAsync(m => m.SentAt == null)), what: "everything is sent");
        Assert.Equal(32, Both(one, two).Count());
        Assert.Equal(2, await one.Query(db => db.Outbox.CountAsync(m => m.AggregateId == stuck && m.SentAt != null)));
    }

    [Fact]
    public async Task A_message_of_a_type_that_cannot_be_loaded_holds_back_only_its_own_aggregate_and_the_operator_sees_it()
    {
        await using var service = await ProbeService.Start(await ProbeService.ADatabase());
        var (ill, well) = (Guid.NewGuid(), Guid.NewGuid());

        await service.Query(db =>
        {
            db.Outbox.Add(Unloadable(ill));
            db.SaveChanges();
            return Write(db, [new Happened(ill, 2), new Happened(well, 1)]);
        });
        await Until.Async(() => service.Query(async db => await db.Outbox.AnyAsync(m => m.AggregateId == well && m.SentAt != null)
            && await db.Outbox.AnyAsync(m => m.AggregateId == ill && m.Attempts > 0)), what: "the well one is sent, the ill one tried");

        Assert.DoesNotContain(service.Record.Happenings, h => h.Aggregate == ill);
        var listed = await service.As(TokenNames.Operator).GetFromJsonAsync<JsonElement>("/api/operations/probe/messages");
        var stuck = Assert.Single(listed.EnumerateArray());
        Assert.Equal(("unsent", "Gone.Forever, Gone"), (stuck.GetProperty("kind").GetString(), stuck.GetProperty("messageType").GetString()));
        Assert.Contains("Gone", stuck.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_number_of_unsendable_messages_leaves_the_others_their_way()
    {
        await using var service = await ProbeService.Start(await ProbeService.ADatabase());
        await service.Query(db =>
        {
            db.Outbox.AddRange(Enumerable.Range(0, 150).Select(_ => Unloadable(Guid.NewGuid())));
            return db.SaveChangesAsync();
        });
        var well = Guid.NewGuid();

        await service.Query(db => Write(db, [new Happened(well, 1), new Happened(well, 2)]));

        await Until.Async(() => Task.FromResult(service.Record.Happenings.Count(h => h.Aggregate == well) == 2), what: "the well one is sent");
    }

    [Fact]
    public async Task What_was_written_while_no_dispatcher_ran_is_sent_at_the_next_start()
    {
        var (database, aggregate) = (await ProbeService.ADatabase(), Guid.NewGuid());
        await using (var source = Npgsql.NpgsqlDataSource.Create(database))
        {
            await using var write = source.CreateCommand($$"""insert into outbox(id, aggregate_id, type, body, attempts) values (gen_random_uuid(), '{{aggregate}}', '{{typeof(Happened).FullName}}, {{typeof(Happened).Assembly.GetName().Name}}', '{"aggregate":"{{aggregate}}","number":1}', 0)""");
            await write.ExecuteNonQueryAsync();
        }

        await using var service = await ProbeService.Start(database);

        await Until.Async(() => Task.FromResult(service.Record.Happenings.Contains(new Happened(aggregate, 1))), what: "it is sent");
    }

    [Fact]
    public async Task The_outbox_survives_connections_that_the_database_ends()
    {
        await using var service = await ProbeService.Start(await ProbeService.ADatabase());
        await service.Query(db => Write(db, [new Happened(Guid.NewGuid(), 1)]));
        await Until.Async(() => Task.FromResult(service.Record.Happenings.Any()), what: "the dispatcher listens");

        await service.Query(db => db.Database.ExecuteSqlRawAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"));
        var after = new Happened(Guid.NewGuid(), 2);
        await Until.Async(async () => await Written(service, after), what: "the pool has a connection that works");

        await Until.Async(() => Task.FromResult(service.Record.Happenings.Contains(after)), what: "what came later is sent");
    }

    private static async Task<bool> Written(ProbeService service, Happened happened)
    {
        try
        {
            return await service.Query(db => Write(db, [happened])) > 0;
        }
        catch (Exception e) when (e.GetBaseException() is Npgsql.NpgsqlException or IOException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static IEnumerable<Happened> Both(ProbeService one, ProbeService two) => one.Record.Happenings.Concat(two.Record.Happenings);

    private static OutboxMessage Unloadable(Guid aggregate) => new() { Id = Guid.NewGuid(), AggregateId = aggregate, Type = "Gone.Forever, Gone", Body = "{}" };

    private static Task<int> Write(ProbeDb db, IEnumerable<Happened> happenings)
    {
        foreach (var happened in happenings) db.Publish(happened.Aggregate, happened);
        return db.SaveChangesAsync();
    }
}
