using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Photos;
using ExamPlatform.Testing;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Documents.Tests;

public class DocumentFixture : ServiceFixture<DocumentDb, DocumentDb>
{
    public string StorePath { get; } = Directory.CreateTempSubdirectory("exam-test-store-").FullName;

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Document:StorePath", StorePath)];

    /// <summary>Whom identity knows, and whether it answers.</summary>
    public HashSet<Guid> Consented { get; } = [];
    public bool IdentityAway { get; set; }

    protected override void Replace(IServiceCollection services) => services.AddSingleton<IdentityAnswers.IdentityAnswersClient>(new Identity(this)).AddSingleton<ApplicationAnswers.ApplicationAnswersClient>(new Application(this));

    /// <summary>What application knows of a person's applications: the rule for the photo.</summary>
    public ConcurrentDictionary<(Guid Application, Guid Candidate), PhotoJob> PhotoRules { get; } = [];

    public Guid AnApplication(Guid candidate, PhotoJob rule)
    {
        var application = Guid.NewGuid();
        PhotoRules[(application, candidate)] = rule;
        return application;
    }

    public static HttpContent Content(byte[] content, string? type = "image/jpeg")
    {
        var body = new ByteArrayContent(content);
        if (type is not null) body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return body;
    }

    public static async Task<Guid> Uploaded(HttpClient candidate, byte[]? content = null, string type = "image/jpeg", string kind = "document")
    {
        var answer = await candidate.PostAsync($"/api/documents?kind={kind}", Content(content ?? Files.Jpeg(), type));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    /// <summary>Uploads and waits until the releaser has decided.</summary>
    public async Task<Document> Decided(HttpClient candidate, byte[]? content = null, string type = "image/jpeg", string kind = "document")
    {
        var id = await Uploaded(candidate, content, type, kind);
        await Until.Async(async () => (await Row(id)).State != DocumentState.Quarantined, what: "the upload is decided");
        return await Row(id);
    }

    public Task<Document> Row(Guid id) => Query(db => db.Documents.AsNoTracking().Include(d => d.History).SingleAsync(d => d.Id == id));

    public Task<int> RowsOf(Guid candidate) => Query(db => db.Documents.CountAsync(d => d.CandidateId == candidate));

    public string? FileOf(Guid id) => Directory.EnumerateFiles(StorePath, $"{id}*", SearchOption.AllDirectories).SingleOrDefault();

    /// <summary>What the platform reads of a kept file.</summary>
    public async Task<byte[]> Kept(Guid id)
    {
        await using var content = await Services.GetRequiredService<IFileStore>().OpenAsync(id, CancellationToken.None);
        var bytes = new byte[content.Length];
        await content.ReadExactlyAsync(bytes);
        return bytes;
    }

    /// <summary>How long a file of so many bytes is on disk.</summary>
    public static long OnDisk(long bytes) => 8 + 61 + bytes + (bytes + 65535) / 65536 * 16;

    private sealed class Application(DocumentFixture test) : ApplicationAnswers.ApplicationAnswersClient
    {
        public override AsyncUnaryCall<AskedPhoto> GetPhotoRuleAsync(GetPhotoRuleRequest request, CallOptions options)
        {
            var answer = test.PhotoRules.TryGetValue((Guid.Parse(request.ApplicationId), Guid.Parse(request.CandidateId)), out var rule)
                ? Task.FromResult(new AskedPhoto { MinBytes = rule.MinBytes, MaxBytes = rule.MaxBytes, Width = rule.Width ?? 0, Height = rule.Height ?? 0, Ground = rule.Ground, SetGround = rule.SetGround })
                : Task.FromException<AskedPhoto>(new RpcException(new Status(StatusCode.NotFound, "none")));
            return new(answer, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }
    }

    private sealed class Identity(DocumentFixture test) : IdentityAnswers.IdentityAnswersClient
    {
        public override AsyncUnaryCall<FoundConsent> FindConsentAsync(FindConsentRequest request, CallOptions options)
        {
            var answer = test.IdentityAway ? Task.FromException<FoundConsent>(new RpcException(new Status(StatusCode.Unavailable, "away")))
                : Task.FromResult(new FoundConsent { Given = test.Consented.Contains(Guid.Parse(request.CandidateId)) });
            return new(answer, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(StorePath)) Directory.Delete(StorePath, recursive: true);
    }
}

internal static class Answers
{
    /// <summary>Asks for a link and follows it; the answer that refused the link where there is none.</summary>
    public static async Task<HttpResponseMessage> Open(this HttpClient person, Guid id)
    {
        var link = await person.PostAsync($"/api/documents/{id}/link", null);
        return link.IsSuccessStatusCode ? await person.GetAsync((await link.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("address").GetString()) : link;
    }

    public static async Task<string> Code(this HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()!;
}
