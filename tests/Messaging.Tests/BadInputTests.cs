using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Messages.Tests;

public sealed class BadInputTests(ProbeFixture probe) : IClassFixture<ProbeFixture>
{
    private const string Good = """{"name":"n","count":1,"colour":"green","day":"2026-11-22","reference":"0194f1c2-0000-7000-8000-000000000000","agreed":true,"entries":[{"school":"s","year":2001}]}""";
    private readonly ProbeService service = probe.Service;

    public static TheoryData<string, string[]> BadForms() => new()
    {
        { Good.Replace("\"count\":1", "\"count\":\"1\"", StringComparison.Ordinal), ["#/count wrong-type"] },
        { Good.Replace("\"count\":1", "\"count\":1.5", StringComparison.Ordinal), ["#/count wrong-type"] },
        { Good.Replace("\"count\":1", "\"count\":99999999999", StringComparison.Ordinal), ["#/count wrong-type"] },
        { Good.Replace("\"count\":1", "\"count\":null", StringComparison.Ordinal), ["#/count wrong-type"] },
        { Good.Replace("\"n\"", "null", StringComparison.Ordinal), ["#/name wrong-type"] },
        { Good.Replace("green", "blue", StringComparison.Ordinal), ["#/colour wrong-type"] },
        { Good.Replace("\"green\"", "1", StringComparison.Ordinal), ["#/colour wrong-type"] },
        { Good.Replace("2026-11-22", "2026-02-30", StringComparison.Ordinal), ["#/day wrong-type"] },
        { Good.Replace("\"count\":1", "\"count\":1,\"colours\":2", StringComparison.Ordinal), ["#/colours unknown-field"] },
        { Good.Replace("2001", "true,\"town\":3", StringComparison.Ordinal), ["#/entries/0/year wrong-type", "#/entries/0/town unknown-field"] },
        { """{"name":3,"agreed":"yes","entries":[{}],"x":1}""", ["#/name wrong-type", "#/agreed wrong-type", "#/entries/0/school required", "#/entries/0/year required", "#/x unknown-field", "#/count required", "#/colour required", "#/day required", "#/reference required"] },
        { "[]", ["# wrong-type"] },
        { "\"text\"", ["# wrong-type"] },
        { Good.Replace("\"n\"", "\"\\ud800\"", StringComparison.Ordinal), ["#/name wrong-type"] },
        { Good.Replace("\"entries\":[", "\"entries\":[null,", StringComparison.Ordinal), ["#/entries/0 wrong-type"] },
        { Good.Replace("\"agreed\"", "\"answers\":{\"a\":null,\"b\":\"1\"},\"agreed\"", StringComparison.Ordinal), ["#/answers/a wrong-type"] },
        { Good.Replace("\"agreed\"", "\"answers\":{\"a\":2},\"agreed\"", StringComparison.Ordinal), ["#/answers/a wrong-type"] },
    };

    [Theory, MemberData(nameof(BadForms))]
    public async Task Every_fault_is_told_at_its_field(string body, string[] expected)
    {
        var (code, faults) = await (await Send(body)).Problem(HttpStatusCode.BadRequest);

        Assert.Equal("invalid-input", code);
        Assert.Equal(expected.Order(), faults.Order());
    }

    [Theory]
    [InlineData("{\"name\":")]
    [InlineData("{'name':'n'}")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{} {}")]
    public async Task A_body_that_is_not_the_json_expected_is_refused(string body)
    {
        var answer = await Send(body);

        var (code, _) = await answer.Problem(HttpStatusCode.BadRequest);
        Assert.Contains(code, (string[])["broken-json", "unreadable-request", "invalid-input"]);
    }

    [Fact]
    public async Task Deeply_nested_json_is_refused() =>
        await (await Send(string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100)))).Problem(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_oversized_body_is_refused_with_its_own_code(bool chunked)
    {
        using var content = new StringContent($$"""{"name":"{{new string('x', 300 * 1024)}}"}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/forms") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;

        var (code, _) = await (await service.Client().SendAsync(request)).Problem(HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal("too-large", code);
    }

    [Theory]
    [InlineData(900, HttpStatusCode.OK)]
    [InlineData(1100, HttpStatusCode.RequestEntityTooLarge)]
    public async Task An_endpoint_that_takes_larger_bodies_says_how_large(int kilobytes, HttpStatusCode expected)
    {
        using var content = new StringContent(Good.Replace("\"n\"", $"\"{new string('x', kilobytes * 1024)}\"", StringComparison.Ordinal), Encoding.UTF8, "application/json");

        Assert.Equal(expected, (await service.Client().PostAsync("/api/books", content)).StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_content_type_is_refused(string contentType)
    {
        using var content = new StringContent(Good);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);

        Assert.Equal("unsupported-media-type", (await (await service.As(TokenNames.Candidate).PostAsync("/api/forms", content)).Problem(HttpStatusCode.UnsupportedMediaType)).Code);
    }

    [Theory]
    [InlineData("/api/numbers?first=one")]
    [InlineData("/api/numbers")]
    public async Task A_bad_query_is_refused(string address) =>
        Assert.Equal("unreadable-request", (await (await service.Client().GetAsync(address)).Problem(HttpStatusCode.BadRequest)).Code);

    [Fact]
    public async Task Text_that_no_database_takes_is_refused_and_nothing_is_written()
    {
        using var content = new StringContent("""{"text":"before\u0000after"}""", Encoding.UTF8, "application/json");

        var (code, _) = await (await service.As(TokenNames.Candidate).PostAsync("/api/notes", content)).Problem(HttpStatusCode.BadRequest);

        Assert.Equal("invalid-text", code);
        Assert.False(await service.Query(db => db.Notes.AnyAsync(n => n.Text.StartsWith("before"))));
    }

    [Fact]
    public async Task A_bug_is_500_without_a_word_about_our_insides() =>
        Assert.Equal("internal-error", (await (await service.Client().GetAsync("/api/bug")).Problem(HttpStatusCode.InternalServerError)).Code);

    [Theory]
    [InlineData("/api/numbers?first=1")]
    [InlineData("/api/me")]
    [InlineData("/api/bug")]
    [InlineData("/health")]
    [InlineData("/nowhere")]
    public async Task Whatever_is_answered_no_browser_guesses_runs_frames_or_keeps_it(string path)
    {
        var headers = (await service.Client().GetAsync(path)).Headers;

        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("max-age=63072000; includeSubDomains", headers.GetValues("Strict-Transport-Security").Single());
        Assert.Equal("default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'", headers.GetValues("Content-Security-Policy").Single());
        Assert.True(headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Unknown_addresses_and_methods_are_problems_too()
    {
        var me = service.As(TokenNames.Candidate);
        Assert.Equal("not-found", (await (await me.GetAsync("/api/nothing")).Problem(HttpStatusCode.NotFound)).Code);
        Assert.Equal("method-not-allowed", (await (await me.DeleteAsync("/api/forms")).Problem(HttpStatusCode.MethodNotAllowed)).Code);
    }

    [Fact]
    public async Task A_good_form_passes() => Assert.Equal(HttpStatusCode.OK, (await Send(Good)).StatusCode);

    private async Task<HttpResponseMessage> Send(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await service.Client().PostAsync("/api/forms", content);
    }
}
