using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Npgsql;
using RabbitMQ.Client;

namespace ExamPlatform.AspireLocal.Tests;

public sealed class RunningApplicationTests(RunningSample sample) : IClassFixture<RunningSample>
{
    private readonly DistributedApplication _app = sample.App;

    private ResourceNotificationService States => _app.ResourceNotifications;

    [NeedsToolsFact]
    public async Task A_step_that_others_wait_for_has_ended_before_they_start()
    {
        var job = await States.WaitForResourceAsync("job", e => e.Snapshot.ExitCode is not null, RunningSample.Deadline);
        var api = await States.WaitForResourceHealthyAsync("api", RunningSample.Deadline);

        Assert.Equal(0, job.Snapshot.ExitCode);
        Assert.True(job.Snapshot.StopTimeStamp <= api.Snapshot.StartTimeStamp);
    }

    [NeedsToolsFact]
    public async Task A_service_is_told_where_its_peers_and_servers_are()
    {
        var api = _app.GetEndpoint("api", "http").ToString().TrimEnd('/');
        var front = await EnvironmentOfAsync("front");

        Assert.Equal(api, front["services__api__http__0"]);
        Assert.Equal(api, front["API_HTTP"]);
        Assert.Equal(_app.GetEndpoint("api", "grpc").ToString().TrimEnd('/'), front["services__api__grpc__0"]);
        Assert.Equal($"at {api}/hello", front["GREETING"]);
        Assert.Equal(await _app.GetConnectionStringAsync("people"), (await EnvironmentOfAsync("api"))["ConnectionStrings__people"]);
    }

    [NeedsToolsFact]
    public async Task The_grpc_endpoint_speaks_http2_only_and_the_other_one_http1()
    {
        using var http2 = new HttpRequestMessage(HttpMethod.Get, new Uri(_app.GetEndpoint("api", "grpc"), "/health"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var client = new HttpClient();
        using var answer = await client.SendAsync(http2, RunningSample.Deadline);
        using var plain = _app.CreateHttpClient("api");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("well", await plain.GetStringAsync("/health", RunningSample.Deadline));
    }

    [NeedsToolsFact]
    public async Task Replicas_share_one_address_and_each_has_its_own_process()
    {
        var pids = new HashSet<int>();
        foreach (var id in await InstancesOfAsync("front")) pids.Add(Pid(id));

        Assert.Equal(2, pids.Count);
    }

    [NeedsToolsFact]
    public async Task The_database_is_there_and_keeps_its_rows_over_a_restart_of_the_server()
    {
        await ExecuteSqlAsync("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)");

        Assert.True((await _app.ResourceCommands.ExecuteCommandAsync("postgres", "resource-stop", RunningSample.Deadline)).Success);
        await Assert.ThrowsAsync<NpgsqlException>(() => ExecuteSqlAsync("SELECT 1"));
        Assert.True((await _app.ResourceCommands.ExecuteCommandAsync("postgres", "resource-start", RunningSample.Deadline)).Success);
        await States.WaitForResourceHealthyAsync("postgres", RunningSample.Deadline);

        Assert.Equal(7, await ExecuteSqlAsync("SELECT id FROM kept"));
    }

    [NeedsToolsFact]
    public async Task The_broker_takes_the_generated_password_and_no_other()
    {
        var uri = new Uri((await _app.GetConnectionStringAsync("messaging"))!);
        await using var connection = await new ConnectionFactory { Uri = uri }.CreateConnectionAsync(RunningSample.Deadline);
        var wrong = new ConnectionFactory { Uri = uri, Password = "wrong" };

        Assert.True(connection.IsOpen);
        await Assert.ThrowsAnyAsync<Exception>(() => wrong.CreateConnectionAsync(RunningSample.Deadline));
    }

    [NeedsToolsFact]
    public async Task A_killed_service_is_seen_as_ended_and_comes_back_at_the_same_address()
    {
        var address = _app.GetEndpoint("api");
        var instance = (await InstancesOfAsync("api")).Single();
        using (var process = Process.GetProcessById(Pid(instance))) process.Kill();
        await States.WaitForResourceAsync(instance, [KnownResourceStates.Finished, KnownResourceStates.Exited], RunningSample.Deadline);

        await _app.ResourceCommands.ExecuteCommandAsync("api", KnownResourceCommands.StartCommand, RunningSample.Deadline);
        await States.WaitForResourceHealthyAsync("api", RunningSample.Deadline);

        using var client = _app.CreateHttpClient("api");
        Assert.Equal(address, _app.GetEndpoint("api"));
        Assert.Equal("well", await client.GetStringAsync("/health", RunningSample.Deadline));
    }

    [NeedsToolsFact]
    public async Task A_restart_replaces_the_process()
    {
        await States.WaitForResourceHealthyAsync("front", RunningSample.Deadline);
        var instance = (await InstancesOfAsync("front"))[0];
        var before = Pid(instance);

        var result = await _app.ResourceCommands.ExecuteCommandAsync(instance, KnownResourceCommands.RestartCommand, RunningSample.Deadline);
        await States.WaitForResourceHealthyAsync("front", RunningSample.Deadline);

        Assert.True(result.Success, result.Message);
        Assert.NotEqual(before, Pid(instance));
    }

    [NeedsToolsFact]
    public async Task What_starts_by_hand_starts_only_when_told()
    {
        var sleeper = await States.WaitForResourceAsync("sleeper", _ => true, RunningSample.Deadline);
        Assert.Equal(KnownResourceStates.NotStarted, sleeper.Snapshot.State?.Text);

        await _app.ResourceCommands.ExecuteCommandAsync("sleeper", "start", RunningSample.Deadline);
        await States.WaitForResourceAsync("sleeper", KnownResourceStates.Running, RunningSample.Deadline);

        await _app.ResourceCommands.ExecuteCommandAsync("sleeper", "stop", RunningSample.Deadline);
    }

    private async Task<Dictionary<string, string>> EnvironmentOfAsync(string resource)
    {
        await States.WaitForResourceHealthyAsync(resource, RunningSample.Deadline);
        using var client = _app.CreateHttpClient(resource);
        return (await client.GetFromJsonAsync<Dictionary<string, string>>("/environment", RunningSample.Deadline))!;
    }

    private async Task<object?> ExecuteSqlAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create($"{await _app.GetConnectionStringAsync("people")};Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(RunningSample.Deadline);
    }

    private async Task<List<string>> InstancesOfAsync(string resource)
    {
        await States.WaitForResourceHealthyAsync(resource, RunningSample.Deadline);
        var model = (DistributedApplicationModel)_app.Services.GetService(typeof(DistributedApplicationModel))!;
        return [.. States.InstancesOf(model.Resources.Single(r => r.Name == resource)).Select(e => e.ResourceId)];
    }

    private int Pid(string instance)
    {
        States.TryGetCurrentState(instance, out var state);
        return (int)state!.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!;
    }
}
