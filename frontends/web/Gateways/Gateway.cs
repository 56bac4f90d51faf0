using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ExamPlatform.Web.Sessions;
using Microsoft.AspNetCore.Authentication;

namespace ExamPlatform.Web.Gateways;

/// <summary>The platform's API, asked as the person whose request this is. Nothing else leaves this process.</summary>
public sealed class Gateway(HttpClient http, IHttpContextAccessor accessor)
{
    private const string TooManyRequests = "too-many-requests";
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public Task<Reply<T>> Get<T>(string path) => Send<T>(new(HttpMethod.Get, path));

    /// <param name="key">Of the form that was sent, so that a double click or a step back does it once.</param>
    /// <param name="tag">The version the person saw, where there is one to compare.</param>
    public Task<Reply<T>> Post<T>(string path, object? body = null, string? key = null, string? tag = null) => Send<T>(new(HttpMethod.Post, path) { Content = Body(body) }, request =>
    {
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag);
    });

    /// <param name="tag">The version the person saw; null where there is none to compare.</param>
    public Task<Reply<T>> Put<T>(string path, object body, string? tag = null) => Change<T>(HttpMethod.Put, path, body, tag);
    public Task<Reply<T>> Patch<T>(string path, object body, string? tag) => Change<T>(HttpMethod.Patch, path, body, tag);
    public Task<Reply<T>> Delete<T>(string path, string? tag = null) => Send<T>(new(HttpMethod.Delete, path), request =>
    {
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag);
    });

    /// <summary>A file as it came, handed on as it flows.</summary>
    public Task<Reply<T>> Upload<T>(string path, Stream content, string contentType, string key) => Send<T>(new(HttpMethod.Post, path)
    {
        Content = new StreamContent(content) { Headers = { ContentType = MediaTypeHeaderValue.TryParse(contentType, out var type) ? type : new("application/octet-stream") } },
    }, request => request.Headers.TryAddWithoutValidation("Idempotency-Key", key));

    /// <summary>A file in the place of what is there.</summary>
    public Task<Reply<T>> Replace<T>(string path, Stream content, string contentType) => Send<T>(new(HttpMethod.Put, path) { Content = new StreamContent(content) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } } });

    /// <summary>The raw answer, for content that is passed through.</summary>
    /// <param name="accept">The kind that is wanted, where there are several.</param>
    public Task<HttpResponseMessage> Open(string path, string? accept = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        return Ask(request);
    }

    /// <summary>A request that is handed on as it is.</summary>
    public Task<HttpResponseMessage> Pass(HttpRequestMessage request) => Ask(request);

    /// <summary>An upload's content, by a link that is asked for and followed at once; the answer that refused the link where there is none.</summary>
    public async Task<HttpResponseMessage> OpenUpload(string id)
    {
        var given = await Ask(new(HttpMethod.Post, $"/api/documents/{id}/link"));
        if (!given.IsSuccessStatusCode) return given;
        using (given) return await Open((await given.Content.ReadFromJsonAsync<UploadLink>(Json))!.Address);
    }

    private sealed record UploadLink(string Address);

    private Task<Reply<T>> Change<T>(HttpMethod method, string path, object body, string? tag) => Send<T>(new(method, path) { Content = Body(body) }, request =>
    {
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag);
    });

    private async Task<Reply<T>> Send<T>(HttpRequestMessage request, Action<HttpRequestMessage>? add = null)
    {
        add?.Invoke(request);
        using var response = await Ask(request);
        var tag = response.Headers.ETag?.ToString();
        if (!response.IsSuccessStatusCode)
        {
            var problem = await Problem.Read(response);
            // a limit that a rule has set is told as it is; the door's own passes in a moment
            return problem.Code is TooManyRequests or "http-429" ? throw new GatewayAwayException(response.Headers.RetryAfter?.Delta) : new(default, tag, problem);
        }
        return new(response.StatusCode is HttpStatusCode.NoContent || typeof(T) == typeof(Nothing) ? default : await response.Content.ReadFromJsonAsync<T>(Json), tag, null);
    }

    private async Task<HttpResponseMessage> Ask(HttpRequestMessage request)
    {
        var context = accessor.HttpContext!;
        if ((context.Items[SignedInPerson.AccessToken] as string ?? await context.GetTokenAsync(SignedInPerson.AccessToken)) is { } token) request.Headers.Authorization = new("Bearer", token);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString()); // the gateway counts requests by the person's address, not by ours
        request.Headers.TryAddWithoutValidation("User-Agent", context.Request.Headers.UserAgent.ToString()); // a person recognizes their browser, not this process
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            throw new GatewayAwayException(null, e);
        }
        if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout)
        {
            using (response) throw new GatewayAwayException(response.Headers.RetryAfter?.Delta);
        }
        if (response.StatusCode is HttpStatusCode.Unauthorized && request.Headers.Authorization is not null)
        {
            using (response) throw new SignedOutException();
        }
        return response;
    }

    private static JsonContent? Body(object? body) => body is null ? null : JsonContent.Create(body, body.GetType(), options: Json);
}

/// <summary>An answer without a body.</summary>
public sealed record Nothing;

/// <summary>What the gateway answered: a value, or the problem that stands in its place.</summary>
public sealed record Reply<T>(T? Value, string? ETag, Problem? Problem)
{
    /// <summary>The value where nothing but a bug or somebody else's address can stand in its place.</summary>
    public T Expect() => Problem switch
    {
        null => Value!,
        { Status: 404 } => throw new NotHereException(),
        { Status: 403 } => throw new NotAllowedException(),
        var problem => throw new HttpRequestException($"The gateway answered {problem.Status} {problem.Code}."),
    };
}

/// <summary>The platform cannot answer at this moment: the person waits, and nothing that was typed is lost.</summary>
public sealed class GatewayAwayException(TimeSpan? retryAfter, Exception? inner = null) : Exception("The gateway is away.", inner)
{
    public TimeSpan RetryAfter => retryAfter ?? TimeSpan.FromSeconds(5);
}

/// <summary>The session has ended on the other side.</summary>
public sealed class SignedOutException() : Exception("The session has ended.");

/// <summary>There is no such thing, or it is somebody else's.</summary>
public sealed class NotHereException() : Exception("There is nothing at this address.");

public sealed class NotAllowedException() : Exception("This person may not do that.");
