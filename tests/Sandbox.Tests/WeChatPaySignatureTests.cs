using System.Net;
using System.Text;
using System.Text.Json;
using static ExamPlatform.Sandbox.Tests.Answers;

namespace ExamPlatform.Sandbox.Tests;

public sealed class WeChatPaySignatureTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private const string Target = "/v3/pay/transactions/native";

    private readonly Merchant merchant = host.Merchant;

    [Fact]
    public async Task A_rightly_signed_order_gets_a_code_url_under_a_verifiable_signature()
    {
        using var response = await merchant.Place(NewNumber());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("weixin://wxpay/bizpayurl?pr=", await response.Text("code_url"), StringComparison.Ordinal);
        Assert.True(await merchant.Trusts(response));
    }

    [Fact]
    public async Task The_query_string_is_part_of_what_is_signed()
    {
        var number = NewNumber();
        await merchant.Place(number);
        var target = $"/v3/pay/transactions/out-trade-no/{number}?mchid={Merchant.Id}";

        using var request = merchant.Request(HttpMethod.Get, target.Split('?')[0], "");
        request.RequestUri = new(target, UriKind.Relative);
        using var unsigned = await merchant.Send(request);
        using var signed = await merchant.Get(target);

        Assert.Equal("401 SIGN_ERROR", await unsigned.Fault());
        Assert.Equal(HttpStatusCode.OK, signed.StatusCode);
    }

    [Fact]
    public async Task A_body_changed_after_signing_is_refused_with_the_message_verified()
    {
        using var request = merchant.Request(HttpMethod.Post, Target, JsonSerializer.Serialize(merchant.Order(NewNumber())));
        request.Content = new StringContent(JsonSerializer.Serialize(merchant.Order(NewNumber())), Encoding.UTF8, "application/json");

        using var response = await merchant.Send(request);

        Assert.Equal("401 SIGN_ERROR", await response.Fault());
        var information = (await response.Json()).GetProperty("detail").GetProperty("sign_information");
        Assert.Equal(Target, information.GetProperty("url").GetString());
        Assert.StartsWith($"POST\n{Target}\n", information.GetProperty("truncated_sign_message").GetString(), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Wechatpay-Signature"));
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public async Task A_timestamp_more_than_five_minutes_off_is_refused(int seconds)
    {
        using var request = merchant.Request(HttpMethod.Post, Target, JsonSerializer.Serialize(merchant.Order(NewNumber())), age: TimeSpan.FromSeconds(seconds));

        using var response = await merchant.Send(request);

        Assert.Equal("401 SIGN_ERROR", await response.Fault());
    }

    [Theory]
    [InlineData("1900000999", Merchant.Serial)]
    [InlineData(Merchant.Id, "0000000000000000000000000000000000000000")]
    public async Task Another_merchant_or_certificate_is_refused(string id, string serial)
    {
        using var request = merchant.Request(HttpMethod.Post, Target, JsonSerializer.Serialize(merchant.Order(NewNumber())), id: id, serial: serial);

        using var response = await merchant.Send(request);

        Assert.Equal("401 SIGN_ERROR", await response.Fault());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer abc")]
    [InlineData("WECHATPAY2-SHA256-RSA2048 mchid=\"1900000109\"")]
    [InlineData("WECHATPAY2-SHA256-RSA2048 mchid=\"1900000109\",nonce_str=\"n\",timestamp=\"now\",serial_no=\"7777A1B2C3D4E5F60718293A4B5C6D7E8F901234\",signature=\"!\"")]
    public async Task A_missing_or_malformed_authorization_is_refused(string authorization)
    {
        using var request = merchant.Request(HttpMethod.Post, Target, JsonSerializer.Serialize(merchant.Order(NewNumber())));
        request.Headers.Remove("Authorization");
        if (authorization.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await merchant.Send(request);

        Assert.Equal("401 SIGN_ERROR", await response.Fault());
    }

    [Fact]
    public async Task The_same_signed_request_is_taken_once()
    {
        var nonce = Guid.NewGuid().ToString("N");
        var body = JsonSerializer.Serialize(merchant.Order(NewNumber()));
        using var first = merchant.Request(HttpMethod.Post, Target, body, nonce);
        using var replayed = merchant.Request(HttpMethod.Post, Target, body, nonce);

        using var taken = await merchant.Send(first);
        using var refused = await merchant.Send(replayed);

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal("401 SIGN_ERROR", await refused.Fault());
    }

    [Fact]
    public async Task A_request_without_user_agent_is_refused_as_the_real_one_does()
    {
        using var request = merchant.Request(HttpMethod.Post, Target, JsonSerializer.Serialize(merchant.Order(NewNumber())));
        request.Headers.Remove("User-Agent");

        using var response = await merchant.Send(request);

        Assert.Equal("400 PARAM_ERROR", await response.Fault());
    }
}
