using System.Net;

namespace ExamPlatform.AspireLocal.Tests;

public sealed class HostProcessTests
{
    // DCP twice, a monitor for each process, the dashboard, PostgreSQL with its workers, the broker with its port mapper, three services.
    private const int Everything = 20;

    [NeedsToolsFact]
    public Task Nothing_is_left_after_ctrl_c() => EndsWithAllItStartedAsync(signal: 2);

    [NeedsToolsFact]
    public Task Nothing_is_left_after_sigterm() => EndsWithAllItStartedAsync(signal: 15);

    [NeedsToolsFact]
    public Task Nothing_is_left_after_the_host_was_killed() => EndsWithAllItStartedAsync(signal: 9);

    [NeedsToolsFact]
    public async Task The_dashboard_opens_with_its_token_only()
    {
        await using var host = new SampleProcess();
        await host.UntilAsync(() => host.DashboardLogin is not null, "the dashboard's address");
        var login = host.DashboardLogin!;
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        Assert.Equal(HttpStatusCode.Redirect, await AnswersAsync(host, client, new Uri(login, "/login?t=wrong")));
        Assert.Equal(HttpStatusCode.Redirect, await AnswersAsync(host, client, new Uri(login, "/")));
        Assert.Equal(HttpStatusCode.Redirect, await AnswersAsync(host, client, login));
        Assert.Equal(HttpStatusCode.OK, await AnswersAsync(host, client, new Uri(login, "/")));
    }

    private static async Task EndsWithAllItStartedAsync(int signal)
    {
        await using var host = new SampleProcess();
        await host.UntilAsync(() => host.LivingProcesses().Count >= Everything, "everything started");

        host.Signal(signal);

        await host.UntilAsync(() => host.LivingProcesses().Count == 0, "all processes gone");
    }

    private static async Task<HttpStatusCode?> AnswersAsync(SampleProcess host, HttpClient client, Uri address)
    {
        HttpStatusCode? status = null;
        await host.UntilAsync(() =>
        {
            try
            {
                using var response = client.Send(new HttpRequestMessage(HttpMethod.Get, address));
                status = response.StatusCode;
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "an answer of the dashboard");
        return status;
    }
}
