using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ExamPlatform;

/// <summary>
/// Turns what went wrong into an RFC 9457 problem: unreadable input 400 with every fault at its place, a lost race 409,
/// a dependency that is away 503, a bug 500 without a word about our insides.
/// </summary>
internal sealed class ProblemHandling(IOptions<JsonOptions> json, ILogger<ProblemHandling> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested) return true;
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problems.Of(413, "too-large", "The body is larger than this address takes."),
            BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Problems.Of(415, "unsupported-media-type", "Send application/json."),
            BadHttpRequestException bad => await Unreadable(context, bad),
            DbUpdateConcurrencyException => Problems.Of(409, "changed-meanwhile", "It was changed meanwhile; read it again and repeat."),
            // NUL and lone surrogates are JSON text, but no database text
            _ when exception.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter }
                => Problems.Of(400, "invalid-text", "The text holds a character that cannot be stored (such as U+0000)."),
            DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } } => Problems.Of(409, "already-exists", "The same thing exists already."),
            NpgsqlException { IsTransient: true } or TimeoutException or Grpc.Core.RpcException { StatusCode: Grpc.Core.StatusCode.Unavailable or Grpc.Core.StatusCode.DeadlineExceeded }
                => Away(context),
            _ when exception.GetBaseException() is NpgsqlException { IsTransient: true } or System.Net.Sockets.SocketException => Away(context),
            _ => Problems.Of(500, "internal-error", "Something went wrong on our side; it has been recorded."),
        };
        if (problem.StatusCode >= 500) log.LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
        await problem.ExecuteAsync(context);
        return true;
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Away(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "5";
        return Problems.Of(503, "temporarily-unavailable", "A part of the platform is away for a moment; repeat the request.");
    }

    private async Task<Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult> Unreadable(HttpContext context, BadHttpRequestException bad)
    {
        if (bad.InnerException is not JsonException || context.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is not { } type
            || !context.Request.Body.CanSeek)
            return Problems.Of(400, "unreadable-request", "The request cannot be read: " + (bad.InnerException is JsonException ? "its body is not the JSON expected here." : bad.Message));
        context.Request.Body.Position = 0;
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var faults = new List<Fault>();
            JsonFaults.Collect(body.RootElement, json.Value.SerializerOptions.GetTypeInfo(type), "#", faults);
            return faults.Count > 0 ? Problems.Invalid(faults) : Problems.Of(400, "unreadable-request", "The body is not the JSON expected here.");
        }
        catch (JsonException broken)
        {
            return Problems.Of(400, "broken-json", $"The body is not JSON (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine}).");
        }
    }
}

/// <summary>Lists every fault of a JSON body against the type it should be; the serializer itself stops at the first.</summary>
internal static class JsonFaults
{
    public static void Collect(JsonElement value, JsonTypeInfo type, string pointer, List<Fault> faults, bool nullElements = true)
    {
        if (type.Kind == JsonTypeInfoKind.Object && value.ValueKind == JsonValueKind.Object) Members(value, type, pointer, faults);
        else if (type.Kind == JsonTypeInfoKind.Enumerable && value.ValueKind == JsonValueKind.Array)
        {
            var n = 0;
            foreach (var item in value.EnumerateArray()) Element(item, type, $"{pointer}/{n++}", nullElements, faults);
        }
        else if (type.Kind == JsonTypeInfoKind.Dictionary && value.ValueKind == JsonValueKind.Object)
            foreach (var entry in value.EnumerateObject()) Element(entry.Value, type, $"{pointer}/{entry.Name}", nullElements, faults);
        else if (!Fits(value, type)) faults.Add(new(pointer, "wrong-type", $"A {Expected(type)} is expected here."));
    }

    private static void Element(JsonElement value, JsonTypeInfo collection, string pointer, bool mayBeNull, List<Fault> faults)
    {
        var type = collection.Options.GetTypeInfo(collection.ElementType!);
        if (value.ValueKind == JsonValueKind.Null && !mayBeNull) faults.Add(new(pointer, "wrong-type", $"A {Expected(type)} is expected here."));
        else Collect(value, type, pointer, faults);
    }

    private static void Members(JsonElement value, JsonTypeInfo type, string pointer, List<Fault> faults)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in value.EnumerateObject())
        {
            seen.Add(member.Name);
            if (type.Properties.FirstOrDefault(p => p.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase)) is { } known)
            {
                var (at, wanted) = ($"{pointer}/{known.Name}", type.Options.GetTypeInfo(known.PropertyType));
                if (member.Value.ValueKind != JsonValueKind.Null) Collect(member.Value, wanted, at, faults, NullElements.MayBeIn(known));
                else if (!known.IsSetNullable) faults.Add(new(at, "wrong-type", $"A {Expected(wanted)} is expected here."));
            }
            else if (type.Properties.All(p => !p.IsExtensionData)) faults.Add(new($"{pointer}/{member.Name}", "unknown-field", "There is no such field."));
        }
        faults.AddRange(type.Properties.Where(p => p.IsRequired && !seen.Contains(p.Name)).Select(p => new Fault($"{pointer}/{p.Name}", "required", "This field is required.")));
    }

    private static bool Fits(JsonElement value, JsonTypeInfo type)
    {
        try
        {
            value.Deserialize(type);
            return value.ValueKind != JsonValueKind.Null || !type.Type.IsValueType || Nullable.GetUnderlyingType(type.Type) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Expected(JsonTypeInfo type) => (Nullable.GetUnderlyingType(type.Type) ?? type.Type) switch
    {
        var t when t == typeof(string) => "text",
        var t when t == typeof(bool) => "true or false",
        var t when t == typeof(DateTimeOffset) || t == typeof(DateOnly) => "date (ISO 8601)",
        var t when t == typeof(Guid) => "UUID",
        var t when t.IsEnum => "value out of " + string.Join(", ", Enum.GetNames(t).Select(JsonNamingPolicy.CamelCase.ConvertName)),
        var t when t.IsPrimitive || t == typeof(decimal) => "number",
        _ => type.Kind == JsonTypeInfoKind.Enumerable ? "list" : "object",
    };
}
