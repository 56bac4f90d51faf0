using System.Diagnostics;
using System.Net;
using System.Text;
using ExamPlatform.Notifications.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Notifications.Tests;

public sealed class ReplyTests : IClassFixture<NotificationFixture>
{
    private const string Address = "/callbacks/aliyun-sms-replies/" + SmsWorld.ReplyToken;
    private static int sequences;
    private readonly NotificationFixture service;
    private readonly Guid me = Guid.NewGuid();
    private readonly string sequence = $"{Interlocked.Increment(ref sequences)}0000000001";
    private string Mobile => NotificationFixture.MobileOf(me);

    public ReplyTests(NotificationFixture service)
    {
        this.service = service;
        service.People[Mobile] = [me];
    }

    [Fact]
    public async Task A_reply_is_told_to_everybody_who_has_the_mobile_and_then_forgotten()
    {
        var other = Guid.NewGuid();
        service.People[Mobile] = [me, other];

        var reply = await Taken(service.World.Reply(Mobile, " 确认４８２913　"));

        Assert.Equal([new CandidateReplied(reply.Id, me, "482913", service.Clock.Now)], await service.Published<CandidateReplied>(me));
        Assert.Equal([new CandidateReplied(reply.Id, other, "482913", service.Clock.Now)], await service.Published<CandidateReplied>(other));
        Assert.Equal((null, 2, service.Clock.Now), (reply.Sealed, reply.Candidates, reply.TakenAt));
    }

    [Fact]
    public async Task The_gateway_is_told_in_its_own_words_that_the_reply_was_taken()
    {
        var answer = await Push(Entry(sequence));

        Assert.Equal((HttpStatusCode.OK, """{"code":0,"msg":"接收成功"}"""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Copies_of_a_reply_side_by_side_and_later_have_one_effect()
    {
        var number = service.World.Reply(Mobile, "482913", repeat: 8);
        await Until.Async(() => Task.FromResult(service.World.Pushes(number).Count(push => push.Acknowledged) == 8), what: "all copies are acknowledged");
        await Taken(number);

        await Push(Entry(number));
        await Push($"{Entry(sequence)},{Entry(sequence)}");
        await Taken(sequence);

        Assert.Equal(2, (await service.Published<CandidateReplied>(me)).Count);
    }

    [Theory]
    [InlineData("/callbacks/aliyun-sms-replies/another-token-of-the-same-length")]
    [InlineData("/callbacks/aliyun-sms-replies/x")]
    public async Task Without_the_secret_there_is_nothing_at_the_address(string address)
    {
        var answer = await service.Anonymous().PostAsync(address, Json($"[{Entry(sequence)}]"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.False(await service.Query(db => db.SmsReplies.AnyAsync(r => r.SequenceId == sequence)));
    }

    [Theory]
    [InlineData(-2, -2)]
    [InlineData(1, 0)]
    public async Task The_time_is_the_gateways_in_Beijing_and_never_later_than_the_push(int told, int seconds)
    {
        await Push(Entry(sequence, at: service.Clock.Now.AddSeconds(told).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss")));
        await Taken(sequence);

        Assert.Equal(service.Clock.Now.AddSeconds(seconds), Assert.Single(await service.Published<CandidateReplied>(me)).At);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("0001-01-01 00:00:00")]
    public async Task A_time_that_cannot_be_read_is_that_of_the_push(string at)
    {
        await Push(Entry(sequence, at: at));
        await Taken(sequence);

        Assert.Equal(service.Clock.Now, Assert.Single(await service.Published<CandidateReplied>(me)).At);
    }

    [Fact]
    public async Task The_sequence_id_may_be_a_number_and_other_fields_may_come()
    {
        await Push($$"""{"phone_number":"{{Mobile}}","content":"482913","sequence_id":{{sequence}},"new_field":[1]}""");
        await Taken(sequence);

        Assert.Single(await service.Published<CandidateReplied>(me));
    }

    [Fact]
    public async Task What_cannot_be_read_is_passed_over_and_keeps_nothing_else_back()
    {
        var broken = """{"content":"482913"},{"phone_number":"1","content":"\uD842","sequence_id":"x1"},{"phone_number":"1","content":null,"sequence_id":"x2"},{"phone_number":"1","content":"482913","sequence_id":"\u0000"},{"phone_number":"1","content":"482913","sequence_id":"\uD842"},{"phone_number":"","content":"482913","sequence_id":"x1"},null,7""";

        var answer = await Push($"{broken},{Entry(sequence)}");
        await Taken(sequence);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(await service.Published<CandidateReplied>(me));
        Assert.False(await service.Query(db => db.SmsReplies.AnyAsync(r => r.SequenceId == "x1" || r.SequenceId == "x2")));
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("[", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task What_is_no_list_is_refused(string body, HttpStatusCode status) => Assert.Equal(status, (await service.Anonymous().PostAsync(Address, Json(body))).StatusCode);

    [Theory]
    [InlineData(0, HttpStatusCode.OK)]
    [InlineData(1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_push_has_64_KB_at_most(int more, HttpStatusCode status) =>
        Assert.Equal(status, (await service.Anonymous().PostAsync(Address, Json("[" + new string(' ', (64 * 1024) - 2 + more) + "]"))).StatusCode);

    [Fact]
    public async Task While_identity_is_away_a_reply_is_taken_in_and_waits_unreadable()
    {
        service.PeersAway = true;
        await Push(Entry(sequence));
        await Until.Async(async () => await Row(sequence) is { Attempts: > 0 }, what: "identity was asked in vain");
        var waiting = await service.Query(db => db.Database.SqlQuery<string>($"""select row_to_json(t)::text as "Value" from sms_replies t where sequence_id = {sequence}""").SingleAsync());
        service.PeersAway = false;
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        await Taken(sequence);

        Assert.Single(await service.Published<CandidateReplied>(me));
        Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Mobile)), waiting);
        Assert.DoesNotContain(Mobile, waiting);
    }

    [Fact]
    public async Task A_mobile_that_nobody_registered_is_told_to_nobody()
    {
        service.People.TryRemove(Mobile, out _);

        await Push(Entry(sequence));

        Assert.Equal(0, (await Taken(sequence)).Candidates);
    }

    [Fact]
    public async Task Neither_the_mobile_nor_the_secret_of_the_address_is_in_a_table_a_log_or_a_trace()
    {
        await Push($"{Entry(sequence)},{Entry("")}");
        await service.Anonymous().PostAsync(Address, Json("broken"));
        await Taken(sequence);

        var rows = await service.Query(db => db.Database.SqlQuery<string>($"""
            select row_to_json(t)::text as "Value" from sms_replies t union all select row_to_json(t)::text from outbox t
            """).ToListAsync());
        Assert.DoesNotContain(rows, row => row.Contains(Mobile));
        Assert.Contains(service.Told, told => told.Contains("POST /callbacks/aliyun-sms-replies/{token}"));
        Assert.DoesNotContain(service.Told, told => told.Contains(Mobile) || told.Contains(SmsWorld.ReplyToken));
    }

    [Theory]
    [InlineData("url.full", "http://gateway:1" + Address + "?x=1", "http://gateway:1/callbacks/aliyun-sms-replies/…?x=1")]
    [InlineData("url.path", Address, "/callbacks/aliyun-sms-replies/…")]
    [InlineData("url.full", "http://gateway:1/callbacks/wechat-pay", "http://gateway:1/callbacks/wechat-pay")]
    public void The_span_of_a_call_to_the_address_does_not_hold_its_secret(string tag, string address, string shown)
    {
        using var source = new ActivitySource("ExamPlatform");
        _ = service.Server; // the service listens to its spans

        var span = source.StartActivity("POST", ActivityKind.Client)!.SetTag(tag, address);
        span.Stop();

        Assert.Equal(shown, span.GetTagItem(tag));
    }

    [Theory]
    [InlineData(" 482913 ", "482913")]
    [InlineData("４８２９１３", "482913")]
    [InlineData("　确认482913，谢谢", "482913")]
    [InlineData("48\u000029\n", "4829")]
    [InlineData("482913 13812345678", "482913")]
    [InlineData("我是张三１１０１０５１９４９１２３１００２x", "")]
    [InlineData("张三，1949年12月31日，母亲病重", "1949")]
    [InlineData("ZHANG SAN", "")]
    [InlineData("13812345678", "")]
    [InlineData("k482913", "")]
    public void The_word_is_the_digits_that_can_have_been_asked_for_and_nothing_else_of_what_was_written(string content, string word) => Assert.Equal(word, SmsReply.WordOf(content));

    [Fact]
    public async Task A_reply_without_a_word_is_told_to_nobody()
    {
        await Push(Entry(sequence, content: "13812345678"));

        Assert.Equal(1, (await Taken(sequence)).Candidates);
        Assert.Empty(await service.Published<CandidateReplied>(me));
    }

    [Fact]
    public void A_sealed_reply_opens_as_itself_only()
    {
        var (seal, id) = (service.Services.GetRequiredService<ReplySeal>(), Guid.NewGuid());
        var kept = seal.Seal(id, new(Mobile, "482913"));

        Assert.Equal(new(Mobile, "482913"), seal.Open(id, kept));
        Assert.Throws<InvalidOperationException>(() => seal.Open(Guid.NewGuid(), kept));
    }

    private string Entry(string number, string content = "482913", string at = "2026-11-22 09:59:00") =>
        $$"""{"phone_number":"{{Mobile}}","send_time":"{{at}}","content":"{{content}}","sign_name":"","dest_code":"1234","sequence_id":"{{number}}"}""";

    private Task<HttpResponseMessage> Push(string entries) => service.Anonymous().PostAsync(Address, Json($"[{entries}]"));

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private Task<SmsReply?> Row(string number) => service.Query(db => db.SmsReplies.AsNoTracking().SingleOrDefaultAsync(r => r.SequenceId == number));

    private async Task<SmsReply> Taken(string number)
    {
        await Until.Async(async () => (await Row(number))?.TakenAt is not null, what: "the reply is taken");
        return (await Row(number))!;
    }
}
