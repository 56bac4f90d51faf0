using System.Net;
using System.Text.Json;

namespace ExamPlatform.Messages.Tests;

internal static class Answers
{
    /// <summary>The code of a problem and its faults as <c>pointer code</c>; fails when the answer is no problem of the platform or tells of its insides.</summary>
    public static async Task<(string Code, string[] Faults)> Problem(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"{(int)answer.StatusCode} instead of {(int)expected}: {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        foreach (var inside in (string[])["   at ", "Exception", "select ", "System.", "Npgsql", "ExamPlatform."]) Assert.DoesNotContain(inside, body, StringComparison.Ordinal);
        var problem = JsonDocument.Parse(body).RootElement;
        string[] faults = problem.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateArray().Select(e => $"{e.GetProperty("pointer")} {e.GetProperty("code")}")] : [];
        return (problem.GetProperty("type").GetString()!["urn:exam:".Length..], faults);
    }
}
