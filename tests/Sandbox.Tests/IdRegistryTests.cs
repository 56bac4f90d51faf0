using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ExamPlatform.Sandbox.Tests;

public sealed class IdRegistryTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private readonly string number = $"11010119900101{Random.Shared.Next(1000, 9999)}";

    [Theory]
    [InlineData("张三", "residentId", "match")]
    [InlineData("李四", "residentId", "nameDiffers")]
    [InlineData(null, "residentId", "noSuchNumber")]
    [InlineData("张三", "militaryId", "cannotCheck")]
    public async Task Number_and_name_belong_together_as_the_registry_was_told(string? known, string documentType, string result)
    {
        await host.Control("id-registry/people", new { number, name = known });

        using var answer = await Ask("张三", documentType);

        Assert.Equal(result, await answer.Text("result"));
    }

    [Fact]
    public async Task Of_whom_nothing_was_told_it_says_yes()
    {
        using var answer = await Ask("买买提·吐尔逊");

        Assert.Equal("match", await answer.Text("result"));
    }

    [Fact]
    public async Task The_answer_is_signed_under_the_questions_nonce()
    {
        using var answer = await Ask("张三", nonce: "0123456789abcdef0123456789abcdef");

        var sent = answer.Headers.GetValues("Register-Signature").Single().Split(',').Select(part => part[2..]).ToArray();
        Assert.Equal("0123456789abcdef0123456789abcdef", sent[1]);
        Assert.Equal(Sign($"{sent[0]}\n{sent[1]}\n200\n{await answer.Content.ReadAsStringAsync()}"), sent[2]);
    }

    [Fact]
    public async Task Told_to_lie_or_to_fail_it_does_so_once_for_the_named_number()
    {
        await host.Control("behaviour", new { channel = "idRegistry", effect = "wrongSignature", onlyContaining = number });
        await host.Control("behaviour", new { channel = "idRegistry", effect = "fail", onlyContaining = number });

        using var lied = await Ask("张三");
        using var failed = await Ask("张三");
        using var right = await Ask("张三");

        var sent = lied.Headers.GetValues("Register-Signature").Single().Split(',').Select(part => part[2..]).ToArray();
        Assert.NotEqual(Sign($"{sent[0]}\n{sent[1]}\n200\n{await lied.Content.ReadAsStringAsync()}"), sent[2]);
        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.OK), (failed.StatusCode, right.StatusCode));
    }

    [Fact]
    public async Task A_signature_for_another_register_or_of_another_secret_is_refused()
    {
        using var other = await Ask("张三", secret: "another-secret-of-16");
        using var elsewhere = await Ask("张三", signedPath: "/disability-register/check");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (other.StatusCode, elsewhere.StatusCode));
    }

    [Theory]
    [InlineData(true, "passed")]
    [InlineData(false, "failed")]
    public async Task A_face_is_verified_on_a_page_of_its_own_and_the_result_is_asked_under_the_secret(bool passed, string state)
    {
        using var created = await Send("/face-verification/create", JsonSerializer.Serialize(new { name = "张三", number, returnUrl = new Uri(host.Http.BaseAddress!, "/alive").ToString() }));
        var (id, page) = (await created.Text("verificationId"), new Uri(await created.Text("url")).AbsolutePath);
        using var before = await Send("/face-verification/result", JsonSerializer.Serialize(new { verificationId = id }));

        using var finished = await host.Http.PostAsync(page, new FormUrlEncodedContent([new("passed", passed ? "true" : "false")]));
        using var again = await host.Http.PostAsync(page, new FormUrlEncodedContent([new("passed", "true")]));
        using var after = await Send("/face-verification/result", JsonSerializer.Serialize(new { verificationId = id }));

        Assert.Equal(("pending", state, passed), (await before.Text("state"), await after.Text("state"), (await after.Json()).GetProperty("liveness").GetBoolean()));
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    private Task<HttpResponseMessage> Ask(string name, string documentType = "residentId", string? nonce = null, string secret = SandboxHost.RegisterSecret, string? signedPath = null) =>
        Send("/id-registry/check", JsonSerializer.Serialize(new { documentType, number, name }), nonce, secret, signedPath);

    private Task<HttpResponseMessage> Send(string path, string body, string? nonce = null, string secret = SandboxHost.RegisterSecret, string? signedPath = null)
    {
        var (time, once) = (host.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), nonce ?? Guid.NewGuid().ToString("N"));
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Register-Signature", $"t={time},n={once},s={Sign($"{time}\n{once}\nPOST\n{signedPath ?? path}\n{body}", secret)}");
        return host.Http.SendAsync(request);
    }

    private static string Sign(string text, string secret = SandboxHost.RegisterSecret) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
}
