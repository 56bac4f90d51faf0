using System.Collections.Concurrent;

namespace ExamPlatform.Sandbox;

/// <summary>What the platform under test answered to something the sandbox sent it. <paramref name="Status"/> is null when nothing came back.</summary>
public sealed record PlatformAnswer(int? Status, string Body, string? Fault)
{
    public bool Acknowledged => Status is 200 or 204;
}

/// <summary>The way from the outside world to the platform under test: plain HTTP, and work that outlives the request that began it.</summary>
public sealed class Platform(IHttpClientFactory clients, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<Platform> log)
{
    public const string Client = "platform";

    private const int KeptCharacters = 2000;

    private readonly ConcurrentDictionary<Guid, Task> running = new();

    public async Task<PlatformAnswer> Post(HttpRequestMessage request)
    {
        try
        {
            using var response = await clients.CreateClient(Client).SendAsync(request, lifetime.ApplicationStopping);
            var body = await response.Content.ReadAsStringAsync(lifetime.ApplicationStopping);
            return new((int)response.StatusCode, body.Length > KeptCharacters ? body[..KeptCharacters] : body, null);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            return new(null, "", fault.Message);
        }
    }

    /// <summary>Sends by a schedule until acknowledged; each wait is one more try.</summary>
    public async Task Repeat(IEnumerable<TimeSpan> waits, Func<Task<PlatformAnswer>> send)
    {
        foreach (var wait in waits)
        {
            await Wait(wait);
            if ((await send()).Acknowledged) return;
        }
    }

    public Task Wait(TimeSpan wait) => wait > TimeSpan.Zero ? Task.Delay(wait, clock, lifetime.ApplicationStopping) : Task.CompletedTask;

    public void InBackground(Func<Task> work)
    {
        var id = Guid.NewGuid();
        running[id] = Task.Run(async () =>
        {
            try
            {
                await work();
            }
            catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                log.LogDebug("Stopped sending because the sandbox stops.");
            }
            catch (Exception fault)
            {
                log.LogError(fault, "A background send failed.");
            }
            finally
            {
                running.TryRemove(id, out _);
            }
        });
    }
}
