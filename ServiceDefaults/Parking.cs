using System.Net.Mime;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExamPlatform;

/// <summary>Keeps a message whose consumer failed for good in the service's database, instead of an error queue that nobody reads. If that fails too, the broker keeps the message.</summary>
internal sealed class Parking<TDb>(IServiceScopeFactory scopes) : IFilter<ExceptionReceiveContext> where TDb : ServiceDb
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        db.Parked.Add(new()
        {
            Id = Guid.CreateVersion7(),
            MessageId = context.TransportHeaders.Get<Guid>("MessageId") ?? context.GetMessageId(),
            Queue = context.InputAddress.AbsolutePath.Split('/')[^1],
            MessageType = TypeOf(context.GetBody()),
            Body = context.GetBody(),
            ContentType = context.ContentType?.ToString() ?? "application/vnd.masstransit+json",
            Error = $"{context.Exception.GetType().Name}: {context.Exception.Message}",
        });
        await db.SaveChangesAsync(context.CancellationToken);
    }

    /// <summary>The envelope's first <c>urn:message:Namespace:Name</c>; empty when the body is no envelope.</summary>
    private static string TypeOf(byte[] body)
    {
        try
        {
            using var envelope = JsonDocument.Parse(body);
            return envelope.RootElement.TryGetProperty("messageType", out var types) && types.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.String } first ? first.GetString()! : "";
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("parking");
}

/// <summary>What an operator sees of a service's messages and audit trail, and can do about them.</summary>
public static class MessageOperations
{
    /// <param name="Id">Id of the parked or unsent message.</param>
    public sealed record StuckMessage(Guid Id, string Kind, string MessageType, string? Queue, string? Error, int Attempts, DateTimeOffset Since);

    /// <summary>Maps <c>GET /api/operations/{service}/messages</c> and <c>POST …/{id}/resend</c> for operators.</summary>
    public static void MapMessageOperations<TDb>(this IEndpointRouteBuilder app, string service) where TDb : ServiceDb
    {
        var messages = app.MapGroup($"/api/operations/{service}/messages").RequireAuthorization(TokenNames.Operator).WithTags("operations");
        messages.MapGet("", List<TDb>).WithName($"list-{service}-messages");
        messages.MapPost("/{id:guid}/resend", Resend<TDb>).WithName($"resend-{service}-message");
        app.MapGet($"/api/operations/{service}/health", Ails).RequireAuthorization(TokenNames.Operator).WithTags("operations").WithName($"show-{service}-health").WithSummary("What does not work as it should in this replica; empty where nothing is wrong.");
        app.MapAudit(service);
    }

    /// <param name="Check">virus-scanner, messages, …</param>
    /// <param name="Status">degraded: it serves, but without this; unhealthy: it takes no requests.</param>
    public sealed record Ailment(string Check, string Status, string? Description);

    private static async Task<Microsoft.AspNetCore.Http.HttpResults.Ok<List<Ailment>>> Ails(HealthCheckService health, CancellationToken ct) => TypedResults.Ok((await health.CheckHealthAsync(ct)).Entries
        .Where(entry => entry.Value.Status is not HealthStatus.Healthy).Select(entry => new Ailment(Name(entry), entry.Value.Status is HealthStatus.Degraded ? "degraded" : "unhealthy", Name(entry) == entry.Key ? entry.Value.Description : null)).ToList());

    // our own name for it: what a library calls itself is nobody's business outside
    private static string Name(KeyValuePair<string, HealthReportEntry> entry) => entry.Value.Tags.Contains("masstransit") ? "messages" : entry.Key;

    private static async Task<Microsoft.AspNetCore.Http.HttpResults.Ok<List<StuckMessage>>> List<TDb>(TDb db, CancellationToken ct) where TDb : ServiceDb
    {
        var parked = await db.Parked.Where(m => m.ResentAt == null).OrderBy(m => m.ParkedAt).Take(200)
            .Select(m => new StuckMessage(m.Id, "parked", m.MessageType, m.Queue, m.Error, 0, m.ParkedAt)).ToListAsync(ct);
        var unsent = await db.Outbox.Where(m => m.SentAt == null && m.Attempts > 0).OrderBy(m => m.Position).Take(200)
            .Select(m => new StuckMessage(m.Id, "unsent", m.Type, null, m.LastError, m.Attempts, m.CreatedAt)).ToListAsync(ct);
        return TypedResults.Ok(parked.Concat(unsent).ToList());
    }

    private static async Task<IResult> Resend<TDb>(Guid id, TDb db, ISendEndpointProvider bus, TimeProvider clock, CancellationToken ct) where TDb : ServiceDb
    {
        var parked = await db.Parked.SingleOrDefaultAsync(m => m.Id == id && m.ResentAt == null, ct);
        if (parked is null) return Problems.NotFound();
        var queue = await bus.GetSendEndpoint(new Uri($"queue:{parked.Queue}"));
        await queue.Send(new Resent(), Pipe.Execute<SendContext<Resent>>(context =>
        {
            context.MessageId = parked.MessageId;
            context.Serializer = new CopyBodySerializer(new ContentType(parked.ContentType), new BytesMessageBody(parked.Body));
        }), ct);
        parked.ResentAt = clock.GetUtcNow();
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>Gives the send pipe a type; the body that goes out is the parked one, byte for byte.</summary>
    private sealed record Resent;
}
