using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExamPlatform.Testing;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Messages.Tests;

public sealed class InboxTests(ProbeFixture probe) : IClassFixture<ProbeFixture>
{
    private readonly ProbeService service = probe.Service;
    private readonly Guid counter = Guid.NewGuid();
    private readonly Guid message = Guid.NewGuid();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_message_ten_times_at_once_is_taken_in_effect_once(bool counterExists)
    {
        if (counterExists) await service.Query(db => { db.Counters.Add(new() { Id = counter }); return db.SaveChangesAsync(); });

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Tell("count")));
        await Received(10);

        Assert.Equal(1, await service.Query(db => db.Counters.Where(c => c.Id == counter).Select(c => c.Value).SingleAsync()));
        Assert.Equal(1, await service.Query(db => db.Outbox.CountAsync(m => m.AggregateId == counter)));
        Assert.Equal(1, await service.Query(db => db.Inbox.CountAsync(e => e.MessageId == message)));
        Assert.Equal(0, await service.Query(db => db.Parked.CountAsync(m => m.MessageId == message)));
    }

    [Fact]
    public async Task Ten_different_messages_for_one_row_at_once_are_all_taken_in()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => service.Bus.Publish(new Counted(counter, "count"))));

        await Until.Async(() => service.Query(db => db.Counters.AnyAsync(c => c.Id == counter && c.Value == 10)), what: "ten are counted");
    }

    [Fact]
    public async Task A_refusal_undoes_what_the_consumer_changed_and_is_never_asked_again()
    {
        await service.Query(db => { db.Counters.Add(new() { Id = counter }); return db.SaveChangesAsync(); });

        await Tell("refuse");
        await Received(1);
        await Tell("count"); // the same message id: it has been taken in
        await Received(2);

        Assert.Equal(0, await service.Query(db => db.Counters.Where(c => c.Id == counter).Select(c => c.Value).SingleAsync()));
        Assert.Equal(0, await service.Query(db => db.Outbox.CountAsync(m => m.AggregateId == counter)));
        Assert.Equal(1, await service.Query(db => db.Inbox.CountAsync(e => e.MessageId == message)));
    }

    [Fact]
    public async Task A_message_whose_consumer_fails_is_parked_and_resent_byte_for_byte_until_it_is_taken_in()
    {
        var staff = service.As(TokenNames.Operator);
        await Tell("fail");
        var first = await Parked(1);
        Assert.Contains(counter.ToString(), Encoding.UTF8.GetString(first.Body), StringComparison.Ordinal);
        Assert.Equal(("probe-count-up", "InvalidOperationException: It is broken."), (first.Queue, first.Error));
        var listed = (await Listed(staff)).Single(m => m.GetProperty("id").GetGuid() == first.Id);
        Assert.Contains("Counted", listed.GetProperty("messageType").GetString(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, await Resend(staff, first.Id));
        var second = await Parked(2);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(first.ContentType, second.ContentType);
        CountUp.Mended[counter] = true;
        Assert.Equal(HttpStatusCode.NoContent, await Resend(staff, second.Id));

        await Until.Async(() => service.Query(db => db.Counters.AnyAsync(c => c.Id == counter && c.Value == 1)), what: "it is taken in");
        Assert.Equal(1, await service.Query(db => db.Inbox.CountAsync(e => e.MessageId == message)));
        Assert.DoesNotContain(await Listed(staff), m => m.GetProperty("id").GetGuid() == second.Id);
        Assert.Equal(HttpStatusCode.NotFound, await Resend(staff, second.Id));
    }

    [Fact]
    public async Task Only_operators_see_and_resend_messages()
    {
        foreach (var role in new[] { TokenNames.Candidate, TokenNames.Officer })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await service.As(role).GetAsync("/api/operations/probe/messages")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, await Resend(service.As(role), Guid.NewGuid()));
        }
        Assert.Equal(HttpStatusCode.NotFound, await Resend(service.As(TokenNames.Operator), Guid.NewGuid()));
    }

    [Fact]
    public async Task A_body_that_is_no_message_is_parked_as_it_came()
    {
        var body = Encoding.UTF8.GetBytes($"{{\"message\": broken {counter}");
        var queue = await service.Bus.GetSendEndpoint(new Uri("queue:probe-count-up"));
        await queue.Send(new Counted(counter, "count"), Pipe.Execute<SendContext<Counted>>(context =>
            context.Serializer = new CopyBodySerializer(new("application/vnd.masstransit+json"), new BytesMessageBody(body))));

        await Until.Async(() => service.Query(async db => (await db.Parked.ToListAsync()).Any(m => m.Body.SequenceEqual(body))), what: "it is parked");
    }

    private Task Tell(string mode) => service.Bus.Publish(new Counted(counter, mode), context => context.MessageId = message);

    private Task Received(int times) => Until.Async(() => Task.FromResult(service.Record.Received.GetValueOrDefault(message) == times), what: $"it is received {times} times");

    private async Task<ParkedMessage> Parked(int count)
    {
        await Until.Async(() => service.Query(async db => await db.Parked.CountAsync(m => m.MessageId == message) == count), what: $"it is parked {count} times");
        return await service.Query(db => db.Parked.Where(m => m.MessageId == message).OrderBy(m => m.ParkedAt).LastAsync());
    }

    private static async Task<IReadOnlyList<JsonElement>> Listed(HttpClient staff) => [.. (await staff.GetFromJsonAsync<JsonElement>("/api/operations/probe/messages")).EnumerateArray()];

    private static async Task<HttpStatusCode> Resend(HttpClient staff, Guid id) => (await staff.PostAsync($"/api/operations/probe/messages/{id}/resend", null)).StatusCode;
}
