using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;

namespace ExamPlatform.EndToEnd;

/// <summary>That no answer shows our insides is looked at by <see cref="WatchedAnswers"/> with every answer of every test.</summary>
[Collection(PlatformCollection.Name)]
public sealed class BadInputTests(RunningPlatform platform)
{
    [Fact]
    public async Task Broken_JSON_is_400_with_its_code_on_every_route_that_takes_JSON() => await OnEveryJsonRoute(async send =>
        (await send("""{"name": "half""")).ExpectRefusal(400, "broken-json"));

    [Fact]
    public async Task An_unknown_field_is_named_on_every_route_that_takes_JSON() => await OnEveryJsonRoute(async send =>
    {
        var refused = (await send("""{"thereIsNoSuchField": 1}""")).ExpectRefusal(400, "invalid-input");
        Assert.Contains("#/thereIsNoSuchField unknown-field", refused.Faults);
    });

    [Fact]
    public async Task A_wrong_type_is_named_on_every_route_that_takes_JSON() => await OnEveryJsonRoute(async send =>
        Assert.Contains("# wrong-type", (await send("""[1]""")).ExpectRefusal(400, "invalid-input").Faults));

    [Fact]
    public async Task An_oversized_body_is_413_on_every_route_that_takes_JSON() => await OnEveryJsonRoute(async send =>
        (await send($$"""{"name": "{{new string('x', 1100 * 1024)}}"}""")).ExpectRefusal(413, "too-large"));

    [Fact]
    public async Task All_faults_of_a_registration_are_told_at_once_each_at_its_field()
    {
        var refused = await platform.Platform.Nobody.Post("/api/identity/candidates", new { name = 5, documentType = "library-card", repeat = new { name = "甲" }, extra = true });

        refused.ExpectRefusal(400, "invalid-input");
        Assert.Superset(new HashSet<string>
        {
            "#/name wrong-type", "#/documentType wrong-type", "#/documentNumber required", "#/repeat/documentType required", "#/repeat/documentNumber required",
            "#/mobile required", "#/password required", "#/noticeVersion required", "#/extra unknown-field",
        }, refused.Faults.ToHashSet());
    }

    [Fact]
    public async Task A_token_of_a_stranger_a_changed_one_and_an_unsigned_one_are_401()
    {
        var token = (await CandidateLife.Register(platform.Platform)).Candidate.Token!;

        foreach (var foreign in (string[])[Tokens.SignedByStranger(token), Tokens.Promoted(token), Tokens.Unsigned(token), token[..^8], "nonsense"])
            (await With(foreign)).ExpectRefusal(401, "token-invalid");
        (await With(token)).Expect(200);
    }

    [Fact]
    public async Task An_expired_token_is_401_and_the_refresh_token_gives_the_next_one()
    {
        var candidate = (await CandidateLife.Register(platform.Platform)).Candidate;
        var token = candidate.Token!;

        await platform.At(TimeSpan.FromMinutes(11), async () =>
        {
            (await With(token)).ExpectRefusal(401, "token-expired");
            (await candidate.Get("/api/applications")).Expect(200);
            Assert.NotEqual(token, candidate.Token);
        });
    }

    [Fact]
    public async Task A_truncated_upload_leaves_nothing()
    {
        var candidate = (await CandidateLife.Register(platform.Platform)).Candidate;
        var before = Directory.GetFiles(platform.DocumentStore, "*", SearchOption.AllDirectories).Length;
        var picture = Picture.Png();

        await SendHalf($"/api/documents?kind=photo", "image/png", picture, candidate.Token!);

        await Eventually.Holds("no file is left", () => Task.FromResult(Directory.GetFiles(platform.DocumentStore, "*", SearchOption.AllDirectories).Length == before));
        Assert.Empty((await candidate.Get("/api/documents")).Expect(200).Json.List("items"));
    }

    [Fact]
    public async Task An_upload_that_is_not_what_it_says_is_rejected_and_one_too_large_is_413()
    {
        var candidate = (await CandidateLife.Register(platform.Platform)).Candidate;

        var script = (await candidate.Upload("photo", "image/png", "<script>alert(1)</script>"u8.ToArray())).Expect(201)["id"];
        var large = await candidate.Upload("document", "image/png", new byte[20 * 1024 * 1024 + 1]);

        large.ExpectRefusal(413, "too-large");
        await Eventually.Holds("it is rejected", async () => (await candidate.Get($"/api/documents/{script}")).Expect(200)["state"] == "rejected");
        Assert.Equal(409, (await candidate.OpenUpload(script)).Status);
    }

    [Fact]
    public async Task The_same_key_at_the_same_time_submits_once()
    {
        var life = await platform.FilledIn();
        var key = Guid.NewGuid().ToString();

        var sent = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => life.Life.Submit(key)));

        Assert.Single(sent.Select(answer => answer.Text).Distinct());
        Assert.Equal("1", (await life.Life.Look())["version"]);
    }

    [Fact]
    public async Task Who_floods_public_notices_with_objections_is_stopped_and_others_are_not()
    {
        var address = new Uri(platform.Gateway, $"/api/programmes/FJ/public-notices/{Guid.NewGuid()}/objections");
        using var flood = From("203.0.113.2");
        using var other = From("203.0.113.3");
        var body = new { row = 1, text = "不符合条件", name = "张三", mobile = "13800138000" };

        var answers = new List<int>();
        for (var n = 0; n < 25; n++) answers.Add((int)(await flood.PostAsJsonAsync(address, body)).StatusCode);

        Assert.Equal(Enumerable.Repeat(404, 20), answers.Take(20));
        Assert.Contains(429, answers);
        Assert.Equal(404, (int)(await other.PostAsJsonAsync(address, body)).StatusCode);
    }

    /// <summary>A client behind a front end that says where it comes from, so that its limits are nobody else's.</summary>
    private static HttpClient From(string address) => new() { DefaultRequestHeaders = { { "X-Forwarded-For", address } } };

    private async Task OnEveryJsonRoute(Func<Func<string, Task<Answer>>, Task> check)
    {
        var (candidate, officer) = (await platform.Platform.SignIn("candidate"), await platform.Platform.SignIn("national"));
        var routes = (await ApiRoute.All(platform.Platform)).Where(route => route.TakesJson).ToList();
        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            var person = route.Path.Contains("/reviews/", StringComparison.Ordinal) || route.Path.StartsWith("/api/programmes", StringComparison.Ordinal) || route.Path.EndsWith("/officers", StringComparison.Ordinal) || route.Path.Contains("/counter-", StringComparison.Ordinal)
                || route.Path.StartsWith("/api/content/desk/", StringComparison.Ordinal) || route.Path.StartsWith("/api/notices/undelivered/", StringComparison.Ordinal) || route.Path.StartsWith("/api/notices/bulk", StringComparison.Ordinal)
                || ((string[])["/api/payments/orders/", "/api/payments/refunds/", "/api/payments/differences/"]).Any(path => route.Path.StartsWith(path, StringComparison.Ordinal)) || route.Path.StartsWith("/api/identity/officers/", StringComparison.Ordinal) || route.Path is "/api/identity/corrections" or "/api/identity/password-resets" || route.Path.Contains("second-factor", StringComparison.Ordinal) ? officer : candidate;
            await check(text => person.Send(new(route.Method), route.With(parameter => parameter == "step" ? "report" : Guid.NewGuid().ToString()),
                new Func<HttpContent>(() => new StringContent(text, Encoding.UTF8, "application/json")),
                request => request.Headers.ExpectContinue = text.Length > 1024)); // who is refused by its length alone is told before it sends
        }
    }

    private Task<Answer> With(string token) =>
        platform.Platform.Nobody.Send(HttpMethod.Get, "/api/applications", null, request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token));

    /// <summary>Announces the whole, sends half and hangs up; returns when the gateway has hung up, too.</summary>
    private async Task SendHalf(string address, string contentType, byte[] content, string token)
    {
        using var line = new TcpClient();
        await line.ConnectAsync(platform.Gateway.Host, platform.Gateway.Port);
        await using var stream = line.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {address} HTTP/1.1\r\nHost: {platform.Gateway.Authority}\r\nAuthorization: Bearer {token}\r\nContent-Type: {contentType}\r\nContent-Length: {content.Length}\r\n\r\n"));
        await stream.WriteAsync(content.AsMemory(0, content.Length / 2));
        line.Client.Shutdown(SocketShutdown.Send);
        await stream.CopyToAsync(Stream.Null);
    }
}
