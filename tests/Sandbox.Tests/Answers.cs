using System.Text.Json;

namespace ExamPlatform.Sandbox.Tests;

public static class Answers
{
    public static async Task<JsonElement> Json(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    public static async Task<string> Text(this HttpResponseMessage response, string member) =>
        (await response.Json()).GetProperty(member).GetString()!;

    /// <summary>Status and API v3 code in one, to compare at a glance.</summary>
    public static async Task<string> Fault(this HttpResponseMessage response) =>
        $"{(int)response.StatusCode} {await response.Text("code")}";

    public static string NewNumber() => "T" + Guid.NewGuid().ToString("N")[..20];
}
