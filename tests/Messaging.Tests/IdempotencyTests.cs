using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Messages.Tests;

public sealed class IdempotencyTests(ProbeFixture probe) : IClassFixture<ProbeFixture>
{
    private readonly ProbeService service = probe.Service;
    private readonly string key = Guid.NewGuid().ToString();
    private readonly string text = Guid.NewGuid().ToString();

    [Fact]
    public async Task The_repeat_gets_the_same_answer_and_changes_nothing()
    {
        var me = Me();

        var first = await Write(me, text);
        var again = await Write(me, text);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal("\"7\"", again.Headers.ETag!.Tag);
        Assert.Equal(first.Content.Headers.ContentType, again.Content.Headers.ContentType);
        Assert.Equal(1, await Notes());
    }

    [Fact]
    public async Task Ten_at_once_are_one_with_one_answer()
    {
        var me = Me();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Write(me, text)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        Assert.Single(answers.Select(a => a.Headers.Location).Distinct());
        Assert.Equal(1, await Notes());
        Assert.Equal(1, await service.Query(db => db.Notes.Where(n => n.Text == text).Join(db.Outbox, n => n.Id, m => m.AggregateId, (n, m) => m).CountAsync()));
    }

    [Fact]
    public async Task The_same_key_for_another_body_is_refused()
    {
        var me = Me();
        await Write(me, text);

        var (code, _) = await (await Write(me, text + "!")).Problem(HttpStatusCode.UnprocessableEntity);

        Assert.Equal("idempotency-key-reused", code);
        Assert.Equal(0, await service.Query(db => db.Notes.CountAsync(n => n.Text == text + "!")));
    }

    [Fact]
    public async Task Another_persons_same_key_is_another_key()
    {
        await Write(Me(), text);
        await Write(Me(), text);

        Assert.Equal(2, await Notes());
    }

    [Fact]
    public async Task A_refusal_is_not_kept_and_leaves_nothing_behind()
    {
        var me = Me();

        var (code, _) = await (await Write(me, text, refuse: true)).Problem(HttpStatusCode.Conflict);
        Assert.Equal(("not-now", 0), (code, await Notes()));

        Assert.Equal(HttpStatusCode.Created, (await Write(me, text)).StatusCode);
    }

    [Fact]
    public async Task A_key_of_more_than_a_hundred_characters_is_refused()
    {
        var me = service.As(TokenNames.Candidate);
        me.DefaultRequestHeaders.Add("Idempotency-Key", new string('k', 101));

        Assert.Equal("idempotency-key-too-long", (await (await Write(me, text)).Problem(HttpStatusCode.BadRequest)).Code);
    }

    private HttpClient Me()
    {
        var me = service.As(TokenNames.Candidate);
        me.DefaultRequestHeaders.Add("Idempotency-Key", key);
        return me;
    }

    private static Task<HttpResponseMessage> Write(HttpClient person, string text, bool refuse = false) => person.PostAsJsonAsync("/api/notes", new { text, refuse });

    private Task<int> Notes() => service.Query(db => db.Notes.CountAsync(n => n.Text == text));
}
