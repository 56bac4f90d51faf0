using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform.Web.Tests;

/// <summary>What the page asks where the platform's configuration asks for more than it does in development.</summary>
public sealed class RegisterPageTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_one_registers_as_is_asked_where_the_platform_asks_for_it(bool asked)
    {
        await using var web = await SessionTests.Start(Environments.Development, new Notice(asked ? [new { code = "resident", title = "住院医师" }] : []));

        var page = WebUtility.HtmlDecode(await (await SessionTests.Get(web, "/register")).Content.ReadAsStringAsync());

        Assert.Contains("再次填写姓名", page, StringComparison.Ordinal);
        Assert.Equal(asked, page.Contains("<legend class=\"govuk-fieldset__legend\">身份类型</legend>", StringComparison.Ordinal));
        Assert.Equal(asked, page.Contains("name=\"identityType\" type=\"radio\" value=\"resident\"", StringComparison.Ordinal));
    }

    private sealed class Notice(object[] types) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(new { version = "1", text = "考生注册须知", smsCode = false, identityTypes = types }) });
    }
}
