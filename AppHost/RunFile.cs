using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExamPlatform.AppHosts;

/// <summary>Writes the addresses and ready-made sign-ins once everything is healthy, for people and for the demo driver; takes the file away at the end.</summary>
internal sealed class RunFile(string path, string password, IServiceProvider services) : BackgroundService
{
    private static readonly (string Role, string Name, string SignIn)[] People =
    [
        ("candidate", "测试考生", "candidate"), ("officer, national", "全国考务", "national"), ("officer, province 110000", "北京考区", "area-110000"),
        ("officer, city 110100", "北京考点", "site-110100"), ("officer, province 350000", "福建考区", "area-350000"), ("officer, city 350100", "福州考点", "site-350100"),
        ("operator", "平台运维", "operator"),
    ];

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var resources = services.GetRequiredService<DistributedApplicationModel>().Resources;
        var states = services.GetRequiredService<ResourceNotificationService>();
        var waited = resources.OfType<ProjectResource>().Where(r => !r.Name.EndsWith("-migration", StringComparison.Ordinal)).ToList();
        await Task.WhenAll(waited.Select(r => states.WaitForResourceHealthyAsync(r.Name, stoppingToken)));
        var configuration = services.GetRequiredService<IConfiguration>();
        var run = new
        {
            web = Url("web"),
            gateway = Url("gateway"),
            dashboard = $"{configuration["ASPNETCORE_URLS"]?.Split(';')[0]}/login?t={configuration["AppHost:BrowserToken"]}",
            sandbox = Url("sandbox"),
            people = People.Select(p => new { role = p.Role, name = p.Name, signIn = p.SignIn, password }),
        };
        var temporary = path + ".new";
        await File.WriteAllTextAsync(temporary, JsonSerializer.Serialize(run, Written), stoppingToken);
        File.Move(temporary, path, overwrite: true);

        string Url(string name) => new EndpointReference(waited.Single(r => r.Name == name), "http").Url;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        File.Delete(path);
    }
}
