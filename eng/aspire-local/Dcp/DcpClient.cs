using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Aspire.Hosting;

namespace ExamPlatform.AspireLocal.Dcp;

/// <summary>Aspire's orchestrator process speaks a small Kubernetes-like API: objects with a spec and a status, by HTTP and bearer token.</summary>
internal sealed class DcpClient : IDisposable
{
    private const string Group = "usvc-dev.developer.microsoft.com/v1";
    private readonly HttpClient _http;

    private DcpClient(HttpClient http) => _http = http;

    public static DcpClient FromKubeconfig(string text)
    {
        var authority = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(Value(text, "certificate-authority-data")));
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
            UseProxy = false,
        };
        var http = new HttpClient(handler) { BaseAddress = new Uri(Value(text, "server")), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Value(text, "token"));
        return new DcpClient(http);
    }

    public async Task<JsonObject> CreateAsync(string kind, JsonObject body, CancellationToken ct)
    {
        body["apiVersion"] = Group;
        body["kind"] = char.ToUpperInvariant(kind[0]) + kind[1..^1];
        using var content = Json(body.ToJsonString(), "application/json");
        using var response = await _http.PostAsync(Path(kind), content, ct);
        return await ReadAsync(response, ct);
    }

    public async Task<JsonObject?> GetAsync(string kind, string name, CancellationToken ct)
    {
        using var response = await _http.GetAsync(Path(kind, name), ct);
        return response.StatusCode == System.Net.HttpStatusCode.NotFound ? null : await ReadAsync(response, ct);
    }

    /// <summary>Gone only when its processes have ended: the name is free again then.</summary>
    public async Task DeleteAsync(string kind, string name, CancellationToken ct)
    {
        using var response = await _http.DeleteAsync(Path(kind, name), ct);
        while (await GetAsync(kind, name, ct) is not null) await Task.Delay(100, ct);
    }

    public async Task StopExecutableAsync(string name, CancellationToken ct)
    {
        using var content = Json("""[{"op":"add","path":"/spec/stop","value":true}]""", "application/json-patch+json");
        using var response = await _http.PatchAsync(Path("executables", name), content, ct);
        if (response.StatusCode != System.Net.HttpStatusCode.NotFound) await ReadAsync(response, ct);
    }

    public async Task ShutDownAsync(CancellationToken ct)
    {
        using var content = Json("""{"status":"Stopping","shutdownResourceCleanup":"Full"}""", "application/merge-patch+json");
        using var response = await _http.PatchAsync("admin/execution", content, ct);
    }

    /// <summary>Every object as it is now, then every change, until the connection ends.</summary>
    public async IAsyncEnumerable<(string Change, JsonObject Item)> WatchAsync(string kind, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var line in LinesAsync(Path(kind) + "?watch=true", ct))
        {
            if (JsonNode.Parse(line) is JsonObject change && change["object"] is JsonObject item) yield return ((string)change["type"]!, item);
        }
    }

    public IAsyncEnumerable<string> LogAsync(string executable, string source, bool follow, CancellationToken ct) =>
        LinesAsync($"{Path("executables", executable)}/log?follow={(follow ? "true" : "false")}&timestamps=true&source={source}", ct);

    public void Dispose() => _http.Dispose();

    private async IAsyncEnumerable<string> LinesAsync(string path, [EnumeratorCancellation] CancellationToken ct)
    {
        using var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode) yield break;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
        while (await reader.ReadLineAsync(ct) is { } line) yield return line;
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject()
            : throw new DistributedApplicationException($"The orchestrator (DCP) answered {(int)response.StatusCode}: {text}");
    }

    private static StringContent Json(string text, string type) => new(text, Encoding.UTF8)
    {
        // DCP compares the content type as a whole: a charset beside it is refused.
        Headers = { ContentType = new MediaTypeHeaderValue(type) },
    };

    private static string Path(string kind, string? name = null) => $"apis/{Group}/{kind}{(name is null ? "" : "/" + name)}";

    private static string Value(string kubeconfig, string key) => kubeconfig.Split('\n').Select(l => l.Trim())
        .First(l => l.StartsWith(key + ":", StringComparison.Ordinal))[(key.Length + 1)..].Trim();
}
