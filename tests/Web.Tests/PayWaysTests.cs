using ExamPlatform.Web.Pages.Candidate;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace ExamPlatform.Web.Tests;

/// <summary>What a browser can pay with, and where it may be sent with a form.</summary>
public sealed class PayWaysTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "pc")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; WOW64) Chrome/116.0 Safari/537.36 MicroMessenger/7.0.20 WindowsWechat", "pc")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; V2254A) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36", "mobile")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1", "mobile")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.50 NetType/WIFI", "weChat")]
    [InlineData("Mozilla/5.0 (Linux; Android 14) Chrome/116.0 Mobile MicroMessenger/8.0.50 miniProgram/wx1", "miniProgram")]
    [InlineData("", "pc")]
    public void A_browser_is_known_by_what_it_says(string agent, string client)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.UserAgent = agent;

        Assert.Equal(client, PayWays.ClientOf(http.Request));
    }

    [Theory]
    [InlineData("https://bank.example/gateway/api/frontTransReq.do", true)]
    [InlineData("https://bank.example:444/gateway", false)]
    [InlineData("http://bank.example/gateway", false)]
    [InlineData("https://bank.example.evil.example/", false)]
    [InlineData("https://bank.example@evil.example/", false)]
    [InlineData("javascript:alert(1)", false)]
    public void A_form_goes_to_a_bank_that_is_configured_and_to_no_other(string address, bool allowed)
    {
        var http = new DefaultHttpContext();

        Assert.Equal(allowed, PayWays.Allow(http, Banks("https://bank.example", "https://other.example"), address));
        Assert.Equal(allowed ? "'self' https://bank.example" : "'self'", PayWays.FormAction(http));
    }

    [Theory]
    [InlineData("https://bank.example/")]
    [InlineData("https://*.example")]
    [InlineData("https://bank.example; script-src *")]
    [InlineData("bank.example")]
    public void What_is_no_origin_stops_the_start(string origin)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection([new("Web:BankOrigins:0", origin)]);

        Assert.Contains("Web__BankOrigins", Assert.Throws<InvalidOperationException>(builder.AddPayWays).Message, StringComparison.Ordinal);
    }

    private static IConfiguration Banks(params string[] origins) =>
        new ConfigurationBuilder().AddInMemoryCollection(origins.Select((origin, n) => KeyValuePair.Create($"Web:BankOrigins:{n}", (string?)origin))).Build();
}
