using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ExamPlatform;

public static class Messaging
{
    /// <summary>How messages are written into the outbox.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// MassTransit over RabbitMQ with quorum queues named <c>{service}-{message}</c>, every <see cref="IConsumer"/> of the service's assembly, the outbox dispatcher,
    /// and the place where poison messages are parked.
    /// </summary>
    public static void AddServiceMessaging<TDb>(this WebApplicationBuilder builder, string service) where TDb : ServiceDb
    {
        builder.Services.AddHostedService<OutboxDispatcher<TDb>>();
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry(); // it would be sent outside
            bus.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(service, includeNamespace: false));
            bus.AddConsumers(Assembly.GetEntryAssembly() is { } entry && entry == typeof(TDb).Assembly ? entry : typeof(TDb).Assembly);
            bus.AddConfigureEndpointsCallback((context, _, endpoint) =>
            {
                if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit) rabbit.SetQuorumQueue();
                endpoint.ConfigureError(error => error.UseFilter(new Parking<TDb>(context.GetRequiredService<IServiceScopeFactory>())));
                endpoint.UseMessageRetry(retry =>
                {
                    retry.Handle<DbUpdateConcurrencyException>();
                    // two first messages about the same thing both insert it: the second finds it when it looks again
                    retry.Handle<DbUpdateException>(e => e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation });
                    // almost at once, but apart: ten that retry in step meet ten times
                    retry.Exponential(12, TimeSpan.FromMilliseconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(8));
                });
                endpoint.UseMessageRetry(retry =>
                {
                    // a database or a peer that is away for minutes must not park what it will take in later
                    retry.Handle<Exception>(IsPassing);
                    retry.Exponential(20, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(400));
                });
            });
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(Broker(builder.Configuration));
                rabbit.DeployTopologyOnly = Environment.GetCommandLineArgs() is [_, "migrate", ..];
                rabbit.ConfigureEndpoints(context);
            });
        });
        // the broker being away must not take reads out of rotation: it shows as degraded, never as unhealthy
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = false);
        builder.Services.AddOptions<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckServiceOptions>().PostConfigure(options =>
        {
            foreach (var check in options.Registrations.Where(r => r.Tags.Contains("masstransit"))) check.FailureStatus = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Degraded;
        });
    }

    /// <summary>Makes the service's queues and their bindings. Part of the migration step: a message that is sent while nobody's queue is bound yet is nobody's, for ever.</summary>
    public static async Task DeployQueuesAsync(this IHost app)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await BrokerListensAsync(Broker(app.Services.GetRequiredService<IConfiguration>()), limit.Token);
        await app.Services.GetRequiredService<IBusControl>().DeployAsync(limit.Token);
    }

    /// <summary>The tables are migrated while the broker still starts; MassTransit's own pauses between attempts are long ones.</summary>
    private static async Task BrokerListensAsync(Uri broker, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(broker.Host, broker.IsDefaultPort || broker.Port < 0 ? 5672 : broker.Port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
    }

    private static Uri Broker(IConfiguration configuration) => new(configuration.GetConnectionString("messaging")
        ?? throw new InvalidOperationException("No broker: set ConnectionStrings__messaging (the AppHost does it by WithReference)."));

    private static bool IsPassing(Exception exception) => exception.GetBaseException() is SocketException or TimeoutException or EndOfStreamException
        || exception is NpgsqlException { IsTransient: true } || exception.InnerException is NpgsqlException { IsTransient: true }
        || exception is Grpc.Core.RpcException { StatusCode: Grpc.Core.StatusCode.Unavailable or Grpc.Core.StatusCode.DeadlineExceeded };
}
