using System.Collections;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// One program plays all parts: the AppHost, and the processes the AppHost starts.
switch (args.FirstOrDefault())
{
    case "serve":
        return Serve();
    case "job":
        Console.WriteLine("The job has run.");
        return int.Parse(Environment.GetEnvironmentVariable("JOB_EXIT")!);
    default:
        Orchestrate(args);
        return 0;
}

static void Orchestrate(string[] args)
{
    var builder = DistributedApplication.CreateBuilder(args);
    var word = builder.AddParameter("word", new GenerateParameterDefault { MinLength = 30 }, secret: true, persist: true);
    var job = builder.AddProject<ThisProgram>("job").WithArgs("job").WithEnvironment("JOB_EXIT", builder.Configuration["JOB_EXIT"] ?? "0");
    var api = builder.AddProject<ThisProgram>("api").WithArgs("serve").WaitForCompletion(job).WithEnvironment("WORD", word)
        .WithHttpEndpoint().WithHttpEndpoint(name: "grpc", env: "GRPC_PORT").WithHttpHealthCheck("/health");
    builder.AddProject<ThisProgram>("front").WithArgs("serve").WithReplicas(2).WaitFor(api).WithReference(api)
        .WithEnvironment("GREETING", $"at {api.GetEndpoint("http")}/hello")
        .WithHttpEndpoint().WithExternalHttpEndpoints().WithHttpHealthCheck("/health");
    builder.AddExecutable("sleeper", "sleep", ".", "1000").WithExplicitStart();
    if (builder.Configuration["SERVERS"] != "false")
    {
        var postgres = builder.AddPostgres("postgres").WithDataVolume();
        api.WithReference(postgres.AddDatabase("people", "people-db")).WaitFor(postgres);
        api.WithReference(builder.AddRabbitMQ("messaging").WithDataVolume());
    }

    builder.Build().Run();
}

static int Serve()
{
    var builder = WebApplication.CreateBuilder();
    if (int.TryParse(builder.Configuration["GRPC_PORT"], out var grpc))
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, new Uri(builder.Configuration["URLS"]!).Port);
            kestrel.Listen(IPAddress.Loopback, grpc, listen => listen.Protocols = HttpProtocols.Http2);
        });
    }

    var app = builder.Build();
    app.MapGet("/health", () => "well");
    app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(e => (string)e.Key, e => (string?)e.Value));
    app.Run();
    return 0;
}

internal sealed class ThisProgram : IProjectMetadata
{
    public string ProjectPath => Path.Combine(Projects.SampleHost.ProjectPath, "SampleHost.csproj");

    public string AssemblyPath => typeof(ThisProgram).Assembly.Location;
}
