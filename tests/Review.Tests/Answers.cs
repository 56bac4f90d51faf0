using System.Net;
using System.Text.Json;

namespace ExamPlatform.Reviews.Tests;

internal static class Answers
{
    public static async Task<JsonElement> Json(this Task<HttpResponseMessage> sent, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var response = await sent;
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)expected}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>The problem's code, and its faults as <c>pointer code</c>.</summary>
    public static async Task<(string Code, string[] Faults, JsonElement Problem)> Problem(this Task<HttpResponseMessage> sent, HttpStatusCode expected)
    {
        var problem = await sent.Json(expected);
        var faults = problem.TryGetProperty("errors", out var errors) ? errors.EnumerateArray().Select(e => $"{e.GetProperty("pointer")} {e.GetProperty("code")}").ToArray() : [];
        return (problem.GetProperty("type").GetString()!["urn:exam:".Length..], faults, problem);
    }

    /// <summary>Every element of a list that comes in pages.</summary>
    public static async Task<List<JsonElement>> AllPages(this HttpClient client, string address, string list)
    {
        var (all, cursor) = (new List<JsonElement>(), (string?)null);
        do
        {
            var page = await client.GetAsync($"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{(cursor is null ? "" : $"cursor={cursor}")}").Json();
            all.AddRange(page.GetProperty(list).EnumerateArray());
            cursor = page.GetProperty("next").GetString();
        } while (cursor is not null);
        return all;
    }
}
