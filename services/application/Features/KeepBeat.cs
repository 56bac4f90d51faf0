using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Applications.Features;

/// <summary>When the platform counts as down.</summary>
public sealed class BeatOptions
{
    public const string Section = "Application:Beat";

    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A shorter silence is no outage. Never more than the least minutes that a programme may name: nobody's deadline passes in an outage that is still to be written down and would move it.</summary>
    public TimeSpan LeastGap { get; set; } = TimeSpan.FromMinutes(2);

    public bool IsUsable => Every > TimeSpan.Zero && LeastGap >= 3 * Every && LeastGap <= TimeSpan.FromMinutes(ProgrammeRules.LeastOutageMinutes);
}

/// <summary>
/// Asks every few seconds through the gateway what a candidate asks first. While that is answered the platform is alive, whichever replica asked; when it was not for a while, that is an outage.
/// </summary>
public sealed class KeepBeat(IServiceScopeFactory scopes, IHttpClientFactory http, IConfiguration configuration, ProgrammeCache cache, TimeProvider clock, IOptions<BeatOptions> options, ILogger<KeepBeat> log) : BackgroundService
{
    /// <summary>Whoever can see the exams and can sign in finds the platform open. Both lead to the database of their service, or to 503 where the gateway finds that unhealthy.</summary>
    private static readonly string[] Asked = ["/api/programmes", "/api/identity/notice"];
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    private readonly Uri gateway = configuration.Address("gateway");
    private int inVain;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true) await Task.Delay(await Round(stoppingToken) ? options.Value.Every : AskAgain, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            log.LogDebug("Stopping");
        }
    }

    /// <returns>Whether the platform is alive.</returns>
    public async Task<bool> Round(CancellationToken cancellationToken)
    {
        using var unrecorded = new Activity(nameof(KeepBeat)).Start(); // its spans, here and in the services asked, would bury what people do
        try
        {
            using var client = http.CreateClient(nameof(KeepBeat));
            foreach (var path in Asked)
            {
                using var answer = await client.GetAsync(new Uri(gateway, path), cancellationToken);
                answer.EnsureSuccessStatusCode();
            }
            await using var scope = scopes.CreateAsyncScope();
            var outage = await scope.ServiceProvider.GetRequiredService<ApplicationDb>().SayAlive(options.Value.LeastGap, clock, cancellationToken);
            if (outage is not null)
            {
                cache.Forget();
                log.LogWarning("The platform was down from {From:u} until {Until:u}: outage {OutageId}", outage.From, outage.Until, outage.Id);
            }
            inVain = 0;
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // while everything starts some are in vain
            if (++inVain == (int)(options.Value.LeastGap / AskAgain)) log.LogError(e, "The platform does not answer candidates at {Gateway}: no deadline passes until it does", gateway);
            return false;
        }
    }
}
