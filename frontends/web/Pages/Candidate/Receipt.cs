using System.Text.Json.Nodes;
using ExamPlatform.Web.Gateways;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>The signed receipt of a submission as a file to keep, with the key it is checked with: it proves without us what was sent in, and when.</summary>
public static class Receipt
{
    public static async Task<FileContentHttpResult> Download(Guid id, int version, Gateway gateway)
    {
        var (asked, keys) = (gateway.Get<JsonObject>($"/api/applications/{id}/submissions/{version}/receipt"), gateway.Get<JsonObject>("/api/programmes/receipt-keys"));
        var file = (await asked).Expect();
        file["keys"] = (await keys).Expect()["keys"]!.DeepClone();
        return TypedResults.File(System.Text.Encoding.UTF8.GetBytes(file.ToJsonString(Gateway.Json)), "application/json", $"receipt-{id}-{version}.json");
    }

    public static async Task<JsonHttpResult<JsonObject>> Keys(Gateway gateway) => TypedResults.Json((await gateway.Get<JsonObject>("/api/programmes/receipt-keys")).Expect());
}
