using System.Text.Json;

namespace ExamPlatform.Web.Gateways;

/// <summary>Why the platform did not do it (RFC 9457, <c>urn:exam:{code}</c>).</summary>
/// <param name="Faults">Of bad input, each at its place.</param>
/// <param name="Details">All members of the problem.</param>
public sealed record Problem(int Status, string Code, IReadOnlyList<Fault> Faults, JsonElement Details)
{
    private const string TypePrefix = "urn:exam:";

    /// <summary>A member of the problem in words; null where it has none.</summary>
    public string? Detail(string member) => Details.ValueKind is JsonValueKind.Object && Details.TryGetProperty(member, out var value) ? value.ToString() : null;

    internal static async Task<Problem> Read(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType is not "application/problem+json") return new(status, $"http-{status}", [], default);
        using var body = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
        var problem = body.RootElement.Clone();
        var type = problem.TryGetProperty("type", out var urn) ? urn.GetString() ?? "" : "";
        return new(status, type.StartsWith(TypePrefix, StringComparison.Ordinal) ? type[TypePrefix.Length..] : $"http-{status}",
            problem.TryGetProperty("errors", out var errors) ? errors.Deserialize<List<Fault>>(Gateway.Json)! : [], problem);
    }
}

public static class Faults
{
    extension(Fault fault)
    {
        /// <summary>The last part of its place: <c>#/answers/field</c>, <c>#/step/field</c>.</summary>
        public string Field => fault.Pointer[(fault.Pointer.LastIndexOf('/') + 1)..];
    }
}
