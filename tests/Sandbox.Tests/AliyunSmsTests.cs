using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static ExamPlatform.Sandbox.Tests.AliyunClient;

namespace ExamPlatform.Sandbox.Tests;

public sealed class AliyunSmsTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private readonly string phone = "139" + Random.Shared.Next(10_000_000, 99_999_999);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_signed_message_is_accepted_and_kept_for_its_number(bool asForm)
    {
        using var response = await host.Http.SendAsync(Request(host, Message(phone), asForm));

        var answer = await response.Json();
        Assert.Equal("OK", answer.GetProperty("Code").GetString());
        var kept = Assert.Single((await host.Http.GetFromJsonAsync<JsonElement[]>($"/control/sms?phone={phone}"))!);
        Assert.Equal(answer.GetProperty("BizId").GetString(), kept.GetProperty("bizId").GetString());
        Assert.Equal("SMS_100", kept.GetProperty("templateCode").GetString());
        Assert.Equal("482913", kept.GetProperty("templateParam").GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_receipt_says_delivered_and_is_sent_again_until_taken()
    {
        host.Merchant.RefuseNext(phone, 1);
        using var response = await host.Http.SendAsync(Request(host, Message(phone)));

        var first = await Receipt();
        var again = await Receipt();

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal((await response.Json()).GetProperty("BizId").GetString(), again.GetProperty("biz_id").GetString());
        Assert.True(again.GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task An_altered_parameter_does_not_match_the_signature()
    {
        using var request = Request(host, Message(phone), asForm: false);
        request.RequestUri = new(request.RequestUri!.OriginalString.Replace(phone, "13800000000", StringComparison.Ordinal), UriKind.Relative);

        using var response = await host.Http.SendAsync(request);

        Assert.Equal("400 SignatureDoesNotMatch", await Refusal(response));
    }

    [Fact]
    public async Task A_replaced_body_does_not_match_the_signature()
    {
        using var request = Request(host, Message(phone));
        request.Content = new FormUrlEncodedContent(Message("13800000000"));

        using var response = await host.Http.SendAsync(request);

        Assert.Equal("400 SignatureDoesNotMatch", await Refusal(response));
    }

    [Fact]
    public async Task Another_secret_does_not_match_the_signature()
    {
        using var response = await host.Http.SendAsync(Request(host, Message(phone), secret: "other"));

        Assert.Equal("400 SignatureDoesNotMatch", await Refusal(response));
    }

    [Fact]
    public async Task An_unknown_access_key_is_not_found()
    {
        using var response = await host.Http.SendAsync(Request(host, Message(phone), accessKeyId: "other"));

        Assert.Equal("404 InvalidAccessKeyId.NotFound", await Refusal(response));
    }

    [Fact]
    public async Task A_header_left_out_of_the_signature_makes_it_incomplete()
    {
        using var request = Request(host, Message(phone));
        request.Headers.Add("x-acs-security-token", "smuggled");

        using var response = await host.Http.SendAsync(request);

        Assert.Equal("400 IncompleteSignature", await Refusal(response));
    }

    [Theory]
    [InlineData(-901)]
    [InlineData(901)]
    public async Task A_date_more_than_fifteen_minutes_off_is_expired(int seconds)
    {
        using var response = await host.Http.SendAsync(Request(host, Message(phone), age: TimeSpan.FromSeconds(seconds)));

        Assert.Equal("400 InvalidTimeStamp.Expired", await Refusal(response));
    }

    [Fact]
    public async Task A_nonce_is_good_for_one_request()
    {
        using var first = await host.Http.SendAsync(Request(host, Message(phone), nonce: phone));
        using var replayed = await host.Http.SendAsync(Request(host, Message(phone), nonce: phone));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("400 SignatureNonceUsed", await Refusal(replayed));
    }

    [Theory]
    [InlineData("PhoneNumbers", "12345", "200 isv.MOBILE_NUMBER_ILLEGAL")]
    [InlineData("TemplateParam", "{code:1", "200 isv.INVALID_JSON_PARAM")]
    [InlineData("TemplateParam", "[1]", "200 isv.INVALID_JSON_PARAM")]
    [InlineData("SignName", "", "400 MissingSignName")]
    [InlineData("TemplateCode", "", "400 MissingTemplateCode")]
    public async Task A_faulty_parameter_has_its_own_code(string name, string value, string refusal)
    {
        var message = Message(phone);
        message[name] = value;

        using var response = await host.Http.SendAsync(Request(host, message));

        Assert.Equal(refusal, await Refusal(response));
        Assert.Empty((await host.Http.GetFromJsonAsync<JsonElement[]>($"/control/sms?phone={phone}"))!);
    }

    [Fact]
    public async Task Told_to_limit_it_refuses_and_keeps_nothing()
    {
        await host.Control("behaviour", new { channel = "sms", effect = "fail", onlyContaining = phone });

        using var refused = await host.Http.SendAsync(Request(host, Message(phone)));
        using var accepted = await host.Http.SendAsync(Request(host, Message(phone)));

        Assert.Equal("200 isv.BUSINESS_LIMIT_CONTROL", await Refusal(refused));
        Assert.Equal("200 OK", await Refusal(accepted));
        Assert.Single((await host.Http.GetFromJsonAsync<JsonElement[]>($"/control/sms?phone={phone}"))!);
    }

    [Fact]
    public async Task Told_so_the_receipt_says_undelivered()
    {
        await host.Control("behaviour", new { channel = "sms", effect = "undelivered", onlyContaining = phone });
        using var response = await host.Http.SendAsync(Request(host, Message(phone)));

        Assert.False((await Receipt()).GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task One_request_takes_a_thousand_numbers_at_most()
    {
        var message = Message(string.Join(',', Enumerable.Repeat(phone, 1001)));

        using var response = await host.Http.SendAsync(Request(host, message));

        Assert.Equal("200 isv.MOBILE_COUNT_OVER_LIMIT", await Refusal(response));
    }

    [Theory]
    [InlineData("SendSmsNow", "2017-05-25", "404 InvalidAction.NotFound")]
    [InlineData("SendSms", "2016-09-27", "400 InvalidVersion")]
    public async Task Another_action_or_version_is_not_this_product(string action, string version, string refusal)
    {
        using var response = await host.Http.SendAsync(Request(host, Message(phone), action: action, version: version));

        Assert.Equal(refusal, await Refusal(response));
    }

    /// <summary>The next receipt for this test's number; other tests' late ones are passed over.</summary>
    private async Task<JsonElement> Receipt()
    {
        while (true)
        {
            var receipt = Assert.Single((await host.Merchant.Next("/receipts")).Json.EnumerateArray());
            if (receipt.GetProperty("phone_number").GetString() == phone) return receipt;
        }
    }
}
