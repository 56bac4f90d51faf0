using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace ExamPlatform.AspireLocal;

/// <summary>Where this machine keeps the Aspire tools, this session's files and the data that outlive it; and which ports are free.</summary>
internal sealed class LocalMachine : IDisposable
{
    private const string SessionPrefix = "aspire-local-";
    private readonly Lock _lock = new();
    private readonly HashSet<int> _givenPorts = [];

    private LocalMachine(string dcp, string dashboard, string session, string data)
    {
        DcpPath = dcp;
        DashboardPath = dashboard;
        SessionFolder = session;
        DataFolder = data;
    }

    public string DcpPath { get; }

    public string DashboardPath { get; }

    public string SessionFolder { get; }

    public string DataFolder { get; }

    public bool RandomizePorts { get; private init; }

    public bool IsTest { get; private init; }

    public static string DotnetPath { get; } = Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());

    public static LocalMachine For(
        IConfiguration configuration, string appHostDirectory, Func<string, string?> metadata, DistributedApplicationOptions options)
    {
        RemoveOldSessions();
        var session = Directory.CreateTempSubdirectory($"{SessionPrefix}{Environment.ProcessId}-").FullName;

        // Servers that run as another user must be able to pass through; what is secret in here is readable by its owner only.
        File.SetUnixFileMode(session, (UnixFileMode)0b111_001_001);
        var data = configuration["EXAM_DATA"] is { Length: > 0 } told ? Path.GetFullPath(told)
            : options.IsTest ? Path.Combine(session, "data") : Path.Combine(Root(appHostDirectory), "artifacts", "data");
        Directory.CreateDirectory(data);
        return new LocalMachine(
            configuration["DcpPublisher:CliPath"] ?? metadata("dcpclipath") ?? "",
            configuration["DcpPublisher:DashboardPath"] ?? metadata("aspiredashboardpath") ?? "",
            session,
            data)
        {
            RandomizePorts = options.IsTest || configuration.GetValue<bool>("DcpPublisher:RandomizePorts"),
            IsTest = options.IsTest,
        };
    }

    /// <summary>A generated value that must be the same at the next start, because the data it protects are.</summary>
    public string Persisted(string name, Func<string> create)
    {
        lock (_lock)
        {
            var file = Path.Combine(DataFolder, "parameters.json");
            var values = File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))! : [];
            if (values.TryGetValue(name, out var value)) return value;

            values[name] = value = create();
            var draft = file + ".new";
            File.Delete(draft);
            using (var stream = new FileStream(draft, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                JsonSerializer.Serialize(stream, values);
            }

            File.Move(draft, file, overwrite: true);
            return value;
        }
    }

    /// <summary>
    /// Outside the system's ephemeral range: a server that binds seconds later, or again after a restart, would lose an
    /// ephemeral port to any outgoing connection.
    /// </summary>
    public int FreePort()
    {
        lock (_lock)
        {
            while (true)
            {
                var port = Random.Shared.Next(15000, 32000);
                if (_givenPorts.Contains(port) || !IsFree(port)) continue;
                _givenPorts.Add(port);
                return port;
            }
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(SessionFolder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // DCP has removed it already, or a process is still writing its last line; then the next start removes the folder.
            return;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Root(string directory)
    {
        for (var d = new DirectoryInfo(directory); d is not null; d = d.Parent)
        {
            if (File.Exists(Path.Combine(d.FullName, "Directory.Build.props"))) return d.FullName;
        }

        return directory;
    }

    /// <summary>A killed host leaves its folder behind; DCP may need it for some seconds more.</summary>
    private static void RemoveOldSessions()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), SessionPrefix + "*"))
        {
            var owner = Path.GetFileName(folder)[SessionPrefix.Length..].Split('-')[0];
            if (!int.TryParse(owner, CultureInfo.InvariantCulture, out var pid) || Directory.Exists($"/proc/{pid}")) continue;
            if (TimeProvider.System.GetUtcNow() - Directory.GetLastWriteTimeUtc(folder) < TimeSpan.FromMinutes(2)) continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                // Another user's session, or another host is removing it at this moment.
                continue;
            }
        }
    }
}
