using System.Net;
using System.Net.Http.Json;

namespace ExamPlatform.Sandbox.Tests;

public sealed class ChsiTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private readonly string code = "C" + Answers.NewNumber()[..15].ToUpperInvariant();

    [Fact]
    public async Task A_registered_report_is_found_by_its_code()
    {
        await Register();

        var report = await (await host.Http.GetAsync($"/chsi/report?code={code}")).Json();

        Assert.Equal(("张三", "bachelor", "higherEducation", "2015-07"),
            (report.GetProperty("name").GetString(), report.GetProperty("level").GetString(), report.GetProperty("category").GetString(), report.GetProperty("graduatedOn").GetString()));
    }

    [Fact]
    public async Task A_code_nobody_registered_is_404() => Assert.Equal("404 REPORT_NOT_FOUND", await (await host.Http.GetAsync("/chsi/report?code=ZZZZZZZZZZZZ")).Fault());

    [Fact]
    public async Task It_fails_when_told_to_and_then_answers_again()
    {
        await Register();
        await host.Control("behaviour", new { channel = "chsi", effect = "fail", status = 502, onlyContaining = code });

        Assert.Equal("502 SYSTEM_ERROR", await (await host.Http.GetAsync($"/chsi/report?code={code}")).Fault());
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync($"/chsi/report?code={code}")).StatusCode);
    }

    [Theory]
    [InlineData("""{"code":"abc","name":"x","school":"x","major":"x","level":"bachelor","graduatedOn":"2015-07","certificateNumber":"1"}""")]
    [InlineData("""{"code":"ABCDEFGHJKLM","name":"x","school":"x","major":"x","level":"wizard","graduatedOn":"2015-07","certificateNumber":"1"}""")]
    [InlineData("""{"code":"ABCDEFGHJKLM"}""")]
    public async Task A_mistyped_report_is_refused(string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, (await host.Http.PostAsync("/control/chsi/reports", content)).StatusCode);
    }

    [Theory]
    [InlineData("wrongSignature")]
    [InlineData("undelivered")]
    public async Task What_only_other_channels_can_do_is_refused(string effect) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Http.PostAsJsonAsync("/control/behaviour", new { channel = "chsi", effect })).StatusCode);

    private Task Register() => host.Control("chsi/reports", new { code, name = "张三", school = "北京大学", major = "临床医学", level = "bachelor", graduatedOn = "2015-07", certificateNumber = "1" });
}
