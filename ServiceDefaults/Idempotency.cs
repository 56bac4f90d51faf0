using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ExamPlatform;

/// <summary>
/// <c>Idempotency-Key</c> on creating POSTs: the answer is kept in one transaction with the change, and repeated to whoever repeats the request with the same key and body.
/// The same key with another body is 422. Only answers below 400 are kept: a refusal may be tried again.
/// </summary>
public static class Idempotency
{
    public const string Header = "Idempotency-Key";

    /// <summary>Marks a creating endpoint whose handler saves through <typeparamref name="TDb"/>.</summary>
    public static RouteHandlerBuilder WithIdempotencyKey<TDb>(this RouteHandlerBuilder endpoint) where TDb : ServiceDb =>
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var key = http.Request.Headers[Header].ToString();
            if (key.Length == 0) return await next(context);
            if (key.Length > 100) return Problems.Of(400, "idempotency-key-too-long", $"{Header} takes at most 100 characters.");
            var db = http.RequestServices.GetRequiredService<TDb>();
            var actor = http.User.Identity?.IsAuthenticated == true ? Me.From(http.User).Id : Guid.Empty;
            return await Answer(db, new() { ActorId = actor, Key = key, RequestHash = await Hash(http.Request) }, http, () => next(context));
        });

    private static async Task<object?> Answer(ServiceDb db, KeptAnswer kept, HttpContext http, Func<ValueTask<object?>> handler)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(http.RequestAborted);
        db.Database.AutoSavepointsEnabled = false; // a round trip each way, and nothing to go back to
        try
        {
            db.KeptAnswers.Add(kept);
            await db.SaveChangesAsync(http.RequestAborted); // a second request with this key waits here until the first has ended
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            await transaction.RollbackAsync(http.RequestAborted);
            db.ChangeTracker.Clear();
            var first = await db.KeptAnswers.AsNoTracking().SingleAsync(a => a.ActorId == kept.ActorId && a.Key == kept.Key, http.RequestAborted);
            return first.RequestHash == kept.RequestHash ? new Repeat(first) : Problems.Of(422, "idempotency-key-reused", $"This {Header} was used for another request; choose a new one.");
        }
        db.Database.AutoSavepointsEnabled = true;
        var result = await handler() as IResult ?? throw new InvalidOperationException("An endpoint with an Idempotency-Key returns an IResult.");
        while (result is INestedHttpResult union) result = union.Result; // Results<…> hides the status
        if (result is IStatusCodeHttpResult { StatusCode: >= 400 }) return result; // rolled back with the transaction
        await Record(result, kept, http);
        db.Database.AutoSavepointsEnabled = false;
        await db.SaveChangesAsync(http.RequestAborted);
        await transaction.CommitAsync(http.RequestAborted);
        return new Repeat(kept);
    }

    private static async Task Record(IResult result, KeptAnswer kept, HttpContext http)
    {
        var original = http.Response.Body;
        using var body = new MemoryStream();
        http.Response.Body = body;
        try
        {
            await result.ExecuteAsync(http);
        }
        finally
        {
            http.Response.Body = original;
        }
        (kept.Status, kept.Body) = (http.Response.StatusCode, body.ToArray());
        (kept.Location, kept.ETag) = (http.Response.Headers.Location, http.Response.Headers.ETag);
    }

    private static async Task<string> Hash(HttpRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        if (request.Body.CanSeek)
        {
            request.Body.Position = 0;
            hash.AppendData(await SHA256.HashDataAsync(request.Body));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private sealed class Repeat(KeptAnswer answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = answer.Status;
            if (answer.Location is not null) httpContext.Response.Headers.Location = answer.Location;
            if (answer.ETag is not null) httpContext.Response.Headers.ETag = answer.ETag;
            if (answer.Body.Length == 0) return;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            await httpContext.Response.Body.WriteAsync(answer.Body, httpContext.RequestAborted);
        }
    }
}
