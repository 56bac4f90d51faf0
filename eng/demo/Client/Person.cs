using System.Net.Http.Headers;

namespace ExamPlatform.Demo;

/// <summary>A candidate, an officer or nobody, at the gateway. Renews its access token when that has run out; signs in anew when the session has.</summary>
public sealed class Person(Platform platform, object? credentials)
{
    private string? access;
    private string? refresh;

    /// <summary>The present access token.</summary>
    public string? Token => access;

    public async Task SignIn() => Holds((await EnterCredentials()).Expect(201));

    /// <summary>False when it did not work, for whatever reason.</summary>
    public async Task<bool> TrySignIn()
    {
        var answer = await EnterCredentials();
        if (answer.Status == 201) Holds(answer);
        return answer.Status == 201;
    }

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null);

    /// <summary>Creates something once: with an Idempotency-Key of its own unless one is given.</summary>
    public Task<Answer> Create(string path, object? body, string? key = null) => Post(path, body, key ?? Guid.NewGuid().ToString());

    public Task<Answer> Post(string path, object? body, string? key = null) => Send(HttpMethod.Post, path, body, key is null ? null : request => request.Headers.Add("Idempotency-Key", key));

    /// <param name="tag">The ETag last read; null sends no If-Match.</param>
    public Task<Answer> Put(string path, object? body, string? tag) => Send(HttpMethod.Put, path, body, tag is null ? null : request => request.Headers.TryAddWithoutValidation("If-Match", tag));

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path, null);

    /// <param name="kind">photo, document or consent.</param>
    /// <param name="for">Whose it is, where an officer brings it.</param>
    public Task<Answer> Upload(string kind, string contentType, byte[] content, string? key = null, string? @for = null) =>
        Send(HttpMethod.Post, $"/api/documents?kind={kind}{(@for is null ? "" : $"&for={@for}")}", new Func<HttpContent>(() => new ByteArrayContent(content) { Headers = { ContentType = new(contentType) } }),
            request => request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString()));

    /// <summary>The content of an upload, by a link; the answer that refused the link where there is none.</summary>
    public async Task<Answer> OpenUpload(string id)
    {
        var link = await Post($"/api/documents/{id}/link", null);
        return link.Status == 200 ? await Get(link["address"]) : link;
    }

    /// <param name="body">Written as JSON; a function that makes content is sent as it is.</param>
    public async Task<Answer> Send(HttpMethod method, string path, object? body, Action<HttpRequestMessage>? add = null, bool renew = true)
    {
        var answer = await platform.Send(Write, CancellationToken.None);
        if (answer.Status != 401 || !renew || credentials is null || answer.Code != "token-expired") return answer;
        await Renew();
        return await platform.Send(Write, CancellationToken.None);

        HttpRequestMessage Write()
        {
            var request = new HttpRequestMessage(method, path) { Content = body is Func<HttpContent> make ? make() : Platform.Write(body) };
            if (access is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
            add?.Invoke(request);
            return request;
        }
    }

    /// <summary>Takes the tokens of an answer.</summary>
    internal void Holds(Answer signedIn) => (access, refresh) = (signedIn["accessToken"], signedIn["refreshToken"]);

    private Task<Answer> EnterCredentials() => Send(HttpMethod.Post, "/api/identity/sessions", credentials, renew: false);

    private async Task Renew()
    {
        access = null;
        var renewed = await Send(HttpMethod.Post, "/api/identity/sessions/refresh", new { refreshToken = refresh }, renew: false);
        if (renewed.Status == 200) Holds(renewed);
        else await SignIn();
    }
}
