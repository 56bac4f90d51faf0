using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ExamPlatform.Sandbox.Tests;

public sealed class DisabilityRegisterTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private readonly string certificate = $"11010119900101{Random.Shared.Next(1000, 9999)}11";

    [Fact]
    public async Task A_registered_person_is_found_by_the_whole_certificate()
    {
        await Register(new { certificate, name = "阿依古丽·买买提", areaCode = "110100", validUntil = "2030-05-01" });

        using var found = await Ask(certificate);
        using var reissued = await Ask(certificate + "B1");

        Assert.Equal("""{"found":true,"name":"阿依古丽·买买提","areaCode":"110100","category":1,"grade":1,"validUntil":"2030-05-01"}""", await found.Content.ReadAsStringAsync());
        Assert.False((await reissued.Json()).GetProperty("found").GetBoolean());
    }

    [Fact]
    public async Task The_register_can_be_told_to_say_something_else_than_the_number()
    {
        await Register(new { certificate, name = "x", areaCode = "110100", category = 3, grade = 4 });

        using var found = await Ask(certificate);

        Assert.Equal((3, 4), ((await found.Json()).GetProperty("category").GetInt32(), (await found.Json()).GetProperty("grade").GetInt32()));
    }

    [Fact]
    public async Task A_person_taken_out_is_not_found()
    {
        await Register(new { certificate, name = "x", areaCode = "110100" });

        using var removed = await host.Http.DeleteAsync($"/control/disability-register/people?certificate={certificate}");
        using var again = await host.Http.DeleteAsync($"/control/disability-register/people?certificate={certificate}");
        using var found = await Ask(certificate);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (removed.StatusCode, again.StatusCode));
        Assert.False((await found.Json()).GetProperty("found").GetBoolean());
    }

    [Theory]
    [InlineData("another-secret-of-16", 0, "bad-signature")]
    [InlineData(SandboxHost.RegisterSecret, 301, "bad-signature")]
    [InlineData(SandboxHost.RegisterSecret, -301, "bad-signature")]
    public async Task Another_secret_or_an_old_signature_is_refused(string secret, int age, string code)
    {
        using var answer = await Ask(certificate, secret, age);

        Assert.Equal((HttpStatusCode.Unauthorized, code), (answer.StatusCode, await answer.Text("code")));
    }

    [Fact]
    public async Task A_nonce_is_good_for_one_question_and_no_signature_for_none()
    {
        var nonce = Guid.NewGuid().ToString("N");

        using var first = await Ask(certificate, nonce: nonce);
        using var replayed = await Ask(certificate, nonce: nonce);
        using var unsigned = await host.Http.PostAsJsonAsync("/disability-register/check", new { certificate });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (first.StatusCode, replayed.StatusCode, unsigned.StatusCode));
    }

    [Fact]
    public async Task A_changed_body_does_not_match_the_signature()
    {
        using var request = Request(certificate);
        request.Content = JsonContent.Create(new { certificate = certificate + "B1" });

        using var answer = await host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("110101199001011234")]
    [InlineData("11010119900101123481")]
    [InlineData("11010119900101123415")]
    public async Task What_is_no_certificate_is_refused(string number)
    {
        using var asked = await Ask(number);
        using var registered = await host.Http.PostAsJsonAsync("/control/disability-register/people", new { certificate = number, name = "x", areaCode = "110100" });

        Assert.Equal(("400", "bad-certificate", HttpStatusCode.BadRequest), ($"{(int)asked.StatusCode}", await asked.Text("code"), registered.StatusCode));
    }

    [Fact]
    public async Task Told_to_fail_or_to_drop_it_does_so_once_for_the_named_certificate()
    {
        await host.Control("behaviour", new { channel = "disabilityRegister", effect = "fail", onlyContaining = certificate });
        await host.Control("behaviour", new { channel = "disabilityRegister", effect = "drop", onlyContaining = certificate });

        using var failed = await Ask(certificate);
        await Assert.ThrowsAsync<HttpRequestException>(() => Ask(certificate));
        using var right = await Ask(certificate);

        Assert.Equal((HttpStatusCode.InternalServerError, "busy", HttpStatusCode.OK), (failed.StatusCode, await failed.Text("code"), right.StatusCode));
    }

    private async Task Register(object person)
    {
        using var response = await host.Http.PostAsJsonAsync("/control/disability-register/people", person);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private Task<HttpResponseMessage> Ask(string number, string secret = SandboxHost.RegisterSecret, int age = 0, string? nonce = null) => host.Http.SendAsync(Request(number, secret, age, nonce));

    private HttpRequestMessage Request(string number, string secret = SandboxHost.RegisterSecret, int age = 0, string? nonce = null)
    {
        var body = JsonSerializer.Serialize(new { certificate = number });
        var (time, once) = ((host.Clock.GetUtcNow().ToUnixTimeSeconds() - age).ToString(CultureInfo.InvariantCulture), nonce ?? Guid.NewGuid().ToString("N"));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}\n{once}\nPOST\n/disability-register/check\n{body}"));
        var request = new HttpRequestMessage(HttpMethod.Post, "/disability-register/check") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Register-Signature", $"t={time},n={once},s={Convert.ToHexStringLower(signature)}");
        return request;
    }
}
