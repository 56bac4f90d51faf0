using System.Net;
using System.Net.Http.Json;
using ExamPlatform.Web.Components;
using ExamPlatform.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform.Web.Tests;

/// <summary>The way to a bank's page, and the way back, which comes without the session's cookie where the bank posts it.</summary>
public sealed class ReturnFromBankTests
{
    private static readonly Guid Fee = Guid.NewGuid(), Application = Guid.NewGuid();

    [Fact]
    public async Task What_a_bank_posts_is_sent_on_to_the_same_address_whatever_it_says()
    {
        await using var web = await SessionTests.Start(Environments.Development, new OneFee());
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent([new("respCode", "00"), new("orderId", "1")]);

        using var answer = await client.PostAsync(new Uri(new Uri(web.Urls.First()), $"/payments/returned/{Fee}?respCode=00"), form);

        Assert.Equal((HttpStatusCode.Redirect, $"/payments/returned/{Fee}"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task Who_comes_back_sees_the_payment_of_their_own_application()
    {
        await using var web = await SessionTests.Start(Environments.Development, new OneFee());
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var signedIn = await SessionTests.Get(web, "/sign-in/one");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(web.Urls.First()), $"/payments/returned/{Fee}?out_trade_no=1&trade_status=TRADE_SUCCESS"));
        request.Headers.Add("Cookie", signedIn.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("exam=", StringComparison.Ordinal)).Split(';')[0]);

        using var answer = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.Redirect, $"/applications/{Application}/payment"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("form", "https://bank.example/pay.do", """<form method="post" action="https://bank.example/pay.do"><input type="hidden" name="signature" value="a&quot;/=" />""", "form-action 'self' https://bank.example")]
    [InlineData("address", "https://bank.example/pay?a=1&b=2", """<a class="govuk-button" role="button" draggable="false" href="https://bank.example/pay?a=1&amp;b=2">""", "form-action 'self'")]
    [InlineData("code", "weixin://wxpay", "", "form-action 'self'")]
    public async Task The_page_lets_its_form_go_to_the_bank_it_names_and_nowhere_else(string kind, string address, string html, string policy)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRazorComponents();
        await using var web = builder.Build();
        web.UseSecurityHeaders();
        var handle = new GoToBank.PayHandle(kind, address, kind == "form" ? new Dictionary<string, string> { ["signature"] = "a\"/=" } : null);
        web.MapGet("/", () => new RazorComponentResult<GoToBank>(new { Handle = handle }));
        await web.StartAsync();

        using var answer = await SessionTests.Get(web, "/");

        Assert.StartsWith(html, (await answer.Content.ReadAsStringAsync()).Replace("\n", "", StringComparison.Ordinal).Replace("  ", "", StringComparison.Ordinal).Trim(), StringComparison.Ordinal);
        Assert.Contains(policy, answer.Headers.GetValues("Content-Security-Policy").Single().Split("; "));
    }

    /// <summary>Stands for the gateway.</summary>
    private sealed class OneFee : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(request.RequestUri!.AbsolutePath == $"/api/payments/fees/{Fee}"
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(new { id = Fee, applicationId = Application }) } : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}
