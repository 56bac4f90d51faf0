using System.Net;
using System.Net.Http.Json;
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

        Assert.Equal((HttpStatusCode.Redirect, $"/applications/{Application}/payment?returned=yes"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    /// <summary>Stands for the gateway.</summary>
    private sealed class OneFee : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(request.RequestUri!.AbsolutePath == $"/api/payments/fees/{Fee}"
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(new { id = Fee, applicationId = Application }) } : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}
