using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ExamPlatform.Sandbox.Tests;

public sealed class SmsReplyTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private readonly string phone = "137" + Random.Shared.Next(10_000_000, 99_999_999);

    [Fact]
    public async Task A_reply_goes_out_as_Aliyun_pushes_it()
    {
        var sequence = (await host.Control("sms/reply", new { phone, content = "ｙ 是" })).GetProperty("sequenceId").GetString();

        var reply = await Next();

        Assert.Equal((phone, "ｙ 是", sequence), (Text(reply, "phone_number"), Text(reply, "content"), Text(reply, "sequence_id")));
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", Text(reply, "send_time"));
        Assert.All((string[])["sign_name", "dest_code"], name => Assert.Equal(JsonValueKind.String, reply.GetProperty(name).ValueKind));
    }

    [Fact]
    public async Task It_is_sent_again_until_taken_and_every_try_is_listed()
    {
        host.Merchant.RefuseNext(phone, 2);
        var sequence = (await host.Control("sms/reply", new { phone, content = "Y" })).GetProperty("sequenceId").GetString();

        var (first, second, third) = (await Next(), await Next(), await Next());

        Assert.Equal((first.GetRawText(), first.GetRawText()), (second.GetRawText(), third.GetRawText()));
        Assert.Equal([500, 500, 200], (await Attempts(sequence!, 3)).Select(attempt => attempt.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task An_answer_without_a_numeric_code_is_no_acknowledgement()
    {
        host.Merchant.AnswerNextReply("""{"code":"0"}""");
        var sequence = (await host.Control("sms/reply", new { phone, content = "Y" })).GetProperty("sequenceId").GetString();

        Assert.Equal([false, true], (await Attempts(sequence!, 2)).Select(attempt => attempt.GetProperty("acknowledged").GetBoolean()));
    }

    [Fact]
    public async Task Copies_of_one_reply_have_one_sequence_id()
    {
        await host.Control("sms/reply", new { phone, content = "Y", repeat = 3 });

        var copies = new[] { await Next(), await Next(), await Next() };

        Assert.Single(copies.Select(copy => Text(copy, "sequence_id")).Distinct());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task A_senseless_number_of_copies_is_refused(int repeat)
    {
        using var response = await host.Http.PostAsJsonAsync("/control/sms/reply", new { phone, content = "Y", repeat });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    /// <summary>The next push about this test's number; other tests' late ones are passed over.</summary>
    private async Task<JsonElement> Next()
    {
        while (true)
        {
            var reply = Assert.Single((await host.Merchant.Next("/replies")).Json.EnumerateArray());
            if (Text(reply, "phone_number") == phone) return reply;
        }
    }

    private async Task<JsonElement[]> Attempts(string sequence, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await tick.WaitForNextTickAsync(deadline.Token))
        {
            var attempts = await host.Http.GetFromJsonAsync<JsonElement[]>($"/control/sms/replies?sequenceId={sequence}", deadline.Token);
            if (attempts!.Length >= count) return attempts;
        }
        throw new TimeoutException();
    }

    private static string Text(JsonElement reply, string name) => reply.GetProperty(name).GetString()!;
}
