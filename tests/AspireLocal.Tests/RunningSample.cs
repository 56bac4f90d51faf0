namespace ExamPlatform.AspireLocal.Tests;

/// <summary>The sample application with PostgreSQL and RabbitMQ, started once for all tests that leave it as they found it.</summary>
public sealed class RunningSample : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public DistributedApplication App { get; private set; } = null!;

    public static CancellationToken Deadline => new CancellationTokenSource(Limit).Token;

    public async Task InitializeAsync()
    {
        App = await StartAsync();
        await App.ResourceNotifications.WaitForResourceHealthyAsync("front", Deadline);
        await App.ResourceNotifications.WaitForResourceHealthyAsync("people", Deadline);
        await App.ResourceNotifications.WaitForResourceHealthyAsync("messaging", Deadline);
    }

    public async Task DisposeAsync() => await App.DisposeAsync();

    public static async Task<DistributedApplication> StartAsync(params string[] args)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleHost>(args, Deadline);
        var app = await builder.BuildAsync(Deadline);
        await app.StartAsync(Deadline);
        return app;
    }
}
