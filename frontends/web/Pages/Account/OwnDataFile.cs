using System.Globalization;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExamPlatform.Web.Gateways;

namespace ExamPlatform.Web.Pages.Account;

/// <summary>All that the platform keeps of a candidate, as one ZIP: JSON beside the uploads as they are. It is whole before the first byte goes out.</summary>
public static class OwnDataFile
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task Download(HttpContext context, Gateway gateway, TimeProvider clock)
    {
        var reply = await gateway.Post<JsonNode>("/api/identity/me/data", new { password = context.Request.Form["password"].ToString() });
        if (reply.Problem is { } problem)
        {
            context.Response.Redirect($"/settings/data?refused={(problem.Status == StatusCodes.Status423Locked ? $"locked&until={Uri.EscapeDataString(problem.Detail("lockedUntil") ?? "")}" : "password")}");
            return;
        }
        await using var file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.Asynchronous | FileOptions.DeleteOnClose); // readable to this user alone
        await Write(file, reply.Value, gateway, context.RequestAborted);
        context.Response.ContentType = "application/zip";
        context.Response.ContentLength = file.Length;
        context.Response.Headers.ContentDisposition = $"attachment; filename=my-data-{clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.zip";
        file.Position = 0;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static async Task Write(Stream file, JsonNode? identity, Gateway gateway, CancellationToken ct)
    {
        await using var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        await Put(zip, "identity.json", identity, ct);
        foreach (var (name, path) in ((string, string)[])[("profile", "/api/profile"), ("payments", "/api/payments/fees")]) await Put(zip, $"{name}.json", await Get(gateway, path), ct);
        await Put(zip, "kept-until.json", await Get(gateway, "/api/identity/me/deletion"), ct);
        await Put(zip, "notices.json", await Notices(gateway), ct);
        await Put(zip, "looks.json", new JsonObject { ["person"] = await Looks(gateway, "/api/identity/me/looks"), ["uploads"] = await Looks(gateway, "/api/documents/looks"), ["submissions"] = await Looks(gateway, "/api/reviews/looks") }, ct);
        foreach (var line in (await Get(gateway, "/api/applications"))!.AsArray()) await PutApplication(zip, gateway, (string)line!["id"]!, ct);
        var uploads = (await Get(gateway, "/api/documents"))!["items"]!.AsArray();
        await Put(zip, "uploads.json", uploads, ct);
        foreach (var upload in uploads.Where(u => (string?)u!["state"] == "ready")) await PutUpload(zip, gateway, upload!, ct);
    }

    private static async Task PutApplication(ZipArchive zip, Gateway gateway, string id, CancellationToken ct)
    {
        var view = await Get(gateway, $"/api/applications/{id}");
        await Put(zip, $"applications/{id}/application.json", view, ct);
        await Put(zip, $"applications/{id}/form.json", await Get(gateway, $"/api/applications/{id}/form"), ct);
        await Put(zip, $"applications/{id}/history.json", await Get(gateway, $"/api/applications/{id}/history"), ct);
        for (var version = 1; version <= (int)view!["version"]!; version++)
            if (view["clearedAt"] is null) await Put(zip, $"applications/{id}/submission-{version}.json", await Get(gateway, $"/api/applications/{id}/submissions/{version}"), ct);
    }

    private static async Task PutUpload(ZipArchive zip, Gateway gateway, JsonNode upload, CancellationToken ct)
    {
        using var content = await gateway.OpenUpload($"{upload["id"]}");
        if (!content.IsSuccessStatusCode) return; // deleted meanwhile
        var entry = zip.CreateEntry($"uploads/{upload["id"]}.{(content.Content.Headers.ContentType?.MediaType ?? "").Split('/')[^1]}", CompressionLevel.NoCompression);
        await using var to = await entry.OpenAsync(ct);
        await content.Content.CopyToAsync(to, ct);
    }

    private static async Task<JsonArray> Notices(Gateway gateway)
    {
        var all = new JsonArray();
        for (var page = await Get(gateway, "/api/notices"); ; page = await Get(gateway, $"/api/notices?cursor={page["next"]}"))
        {
            foreach (var notice in page!["items"]!.AsArray()) all.Add(notice!.DeepClone());
            if (page["next"] is null) return all;
        }
    }

    /// <summary>Page after page, to the oldest.</summary>
    private static async Task<JsonArray> Looks(Gateway gateway, string path)
    {
        var all = new JsonArray();
        for (var page = (await Get(gateway, path))!.AsArray(); page.Count > 0; page = (await Get(gateway, $"{path}?before={Uri.EscapeDataString((string)all[^1]!["at"]!)}"))!.AsArray())
            foreach (var look in page) all.Add(look!.DeepClone());
        return all;
    }

    private static async Task<JsonNode?> Get(Gateway gateway, string path) => (await gateway.Get<JsonNode>(path)).Expect();

    private static async Task Put(ZipArchive zip, string name, JsonNode? content, CancellationToken ct)
    {
        await using var to = await zip.CreateEntry(name).OpenAsync(ct);
        await JsonSerializer.SerializeAsync(to, content, Readable, ct);
    }
}
