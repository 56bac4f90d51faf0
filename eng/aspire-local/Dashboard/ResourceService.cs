using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal.Wire;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform.AspireLocal;

/// <summary>The resource service the dashboard connects to: what there is, how it does, what it writes, and its commands.</summary>
internal sealed class ResourceService(
    ResourceNotificationService notifications, ResourceCommandService commands, ResourceLogs logs, DashboardAddresses addresses,
    IHostEnvironment environment) : DashboardService.DashboardServiceBase
{
    public override Task<ApplicationInformationResponse> GetApplicationInformation(ApplicationInformationRequest request, ServerCallContext context)
    {
        Authenticate(context);
        return Task.FromResult(new ApplicationInformationResponse { ApplicationName = environment.ApplicationName.Replace(".AppHost", "") });
    }

    public override async Task WatchResources(
        WatchResourcesRequest request, IServerStreamWriter<WatchResourcesUpdate> responseStream, ServerCallContext context)
    {
        Authenticate(context);
        await responseStream.WriteAsync(new() { InitialData = new() }, context.CancellationToken);
        await UntilGoneAsync(context, async ct =>
        {
            await foreach (var change in notifications.WatchAsync(ct))
            {
                var resource = await ResourceMessage.OfAsync(change, ct);
                var changes = new WatchResourcesChanges { Value = { new WatchResourcesChange { Upsert = resource } } };
                await responseStream.WriteAsync(new() { Changes = changes }, ct);
            }
        });
    }

    public override async Task WatchResourceConsoleLogs(
        WatchResourceConsoleLogsRequest request, IServerStreamWriter<WatchResourceConsoleLogsUpdate> responseStream, ServerCallContext context)
    {
        Authenticate(context);
        var number = 0;
        await UntilGoneAsync(context, async ct =>
        {
            await foreach (var line in logs.ReadAsync(request.ResourceName, !request.SuppressFollow, ct))
            {
                var message = new ConsoleLogLine { Text = line.Text, IsStdErr = line.IsError, LineNumber = ++number };
                await responseStream.WriteAsync(new() { LogLines = { message } }, ct);
            }
        });
    }

    public override async Task<ResourceCommandResponse> ExecuteResourceCommand(ResourceCommandRequest request, ServerCallContext context)
    {
        Authenticate(context);
        var result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, context.CancellationToken);
        var response = new ResourceCommandResponse
        {
            Kind = result switch
            {
                { Success: true } => ResourceCommandResponseKind.Succeeded,
                { Canceled: true } => ResourceCommandResponseKind.Cancelled,
                _ => ResourceCommandResponseKind.Failed,
            },
        };
        if (result.Message is { } message) response.Message = message;
        return response;
    }

    /// <summary>There is nothing to ask the operator, but the dashboard takes a closed stream for a lost host.</summary>
    public override Task WatchInteractions(
        IAsyncStreamReader<WatchInteractionsRequestUpdate> requestStream,
        IServerStreamWriter<WatchInteractionsResponseUpdate> responseStream,
        ServerCallContext context)
    {
        Authenticate(context);
        return UntilGoneAsync(context, ct => Task.Delay(Timeout.Infinite, ct));
    }

    private void Authenticate(ServerCallContext context)
    {
        var key = context.RequestHeaders.GetValue("x-resource-service-api-key") ?? "";
        if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(addresses.ResourceServiceKey))) return;
        throw new RpcException(new Status(StatusCode.Unauthenticated, "The resource service's key is missing or wrong."));
    }

    private static async Task UntilGoneAsync(ServerCallContext context, Func<CancellationToken, Task> work)
    {
        try
        {
            await work(context.CancellationToken);
        }
        catch (Exception e) when (context.CancellationToken.IsCancellationRequested
            && e is OperationCanceledException or ChannelClosedException or InvalidOperationException)
        {
            // The reader has left; that is how these streams end.
            return;
        }
    }
}
