using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ExamPlatform.Bench;

/// <summary>A PostgreSQL and, where asked for, a RabbitMQ of the bench's own, set up as durably as the platform's, on free loopback ports, gone with the bench.</summary>
internal sealed class LocalServers : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("exam-bench-").FullName;
    private readonly List<Process> running = [];

    public string Postgres { get; private set; } = "";
    public string Rabbit { get; private set; } = "";

    public static async Task<LocalServers> StartAsync(bool broker, CancellationToken ct)
    {
        var servers = new LocalServers();
        try
        {
            await servers.StartPostgres(ct);
            if (broker) await servers.StartRabbit(ct);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    private async Task StartPostgres(CancellationToken ct)
    {
        var bin = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin";
        var (data, port) = (Path.Combine(folder, "pg"), FreePort());
        Directory.CreateDirectory(data);
        await Run("chmod", ["go+x", folder], ct);
        string[] asPostgres = Environment.IsPrivilegedProcess ? ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : ["--"];
        if (Environment.IsPrivilegedProcess) await Run("chown", ["postgres:postgres", data], ct);
        await Run("setpriv", [.. asPostgres, $"{bin}/initdb", "-D", data, "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], ct);
        Start("setpriv", ["--pdeathsig", "INT", .. asPostgres, $"{bin}/postgres", "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "shared_buffers=64MB"]);
        await Answers(port, [0, 0, 0, 8, 4, 210, 22, 47], (byte)'N', ct); // SSLRequest
        Postgres = $"Host=127.0.0.1;Port={port};Username=app;Database=postgres";
    }

    private async Task StartRabbit(CancellationToken ct)
    {
        var (home, port, epmd) = (Path.Combine(folder, "rabbit"), FreePort(), FreePort());
        Directory.CreateDirectory(home);
        await File.WriteAllTextAsync(Path.Combine(home, "rabbitmq.conf"), $"listeners.tcp.1 = 127.0.0.1:{port}\nlog.console = true\nlog.console.level = error\ndisk_free_limit.absolute = 50MB\n", ct);
        foreach (var list in new[] { "advanced.config", "enabled_plugins" }) await File.WriteAllTextAsync(Path.Combine(home, list), "[].\n", ct);
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = home,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = epmd,
            ["RABBITMQ_NODENAME"] = "bench@localhost",
            ["RABBITMQ_DIST_PORT"] = FreePort(),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(home, "rabbitmq.conf"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(home, "advanced.config"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(home, "enabled_plugins"),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(home, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(home, "log"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(home, "pid"),
            ["RUNNING_UNDER_SYSTEMD"] = "true", // the broker replaces the start script
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
        };
        Start("setpriv", ["--pdeathsig", "TERM", "epmd", "-address", "127.0.0.1", "-port", epmd]);
        Start("setpriv", ["--pdeathsig", "TERM", "/usr/lib/rabbitmq/bin/rabbitmq-server"], environment);
        await Answers(port, [.. "AMQP"u8, 0, 0, 9, 1], 1, ct);
        Rabbit = $"amqp://guest:guest@127.0.0.1:{port}/";
    }

    /// <summary>The parent-death signal follows the thread that started the child: each child gets a thread that stays.</summary>
    private void Start(string program, string[] args, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        using var started = new ManualResetEventSlim();
        new Thread(() =>
        {
            var process = Process.Start(start)!;
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            lock (running) running.Add(process);
            started.Set();
            process.WaitForExit();
        })
        { IsBackground = true, Name = program }.Start();
        started.Wait();
    }

    private static async Task Answers(string port, byte[] question, byte answer, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        var got = new byte[1];
        while (got[0] != answer)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture), deadline.Token);
                await client.GetStream().WriteAsync(question, deadline.Token);
                await client.GetStream().ReadExactlyAsync(got, deadline.Token);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                await Task.Delay(100, deadline.Token);
            }
        }
    }

    private static async Task Run(string program, string[] args, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', args)}: {await error}");
    }

    /// <summary>One that nobody listens at now.</summary>
    internal static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Process[] last;
        lock (running) last = [.. Enumerable.Reverse(running)];
        foreach (var process in last.Where(p => !p.HasExited)) _ = Native.Kill(process.Id, Native.Terminate);
        foreach (var process in last) await process.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static class Native
    {
        public const int Terminate = 15;

        [DllImport("libc", EntryPoint = "kill")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int pid, int signal);
    }
}
