using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal.Dcp;

namespace ExamPlatform.AspireLocal;

internal static class RabbitLaunch
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    // Erlang's port mapper would stay behind as a daemon. Ours is a child of the broker's own process and dies with it.
    private const string Script = $"""
        /usr/bin/setpriv --pdeathsig KILL epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" &
        exec {Server}
        """;

    public static async Task<LaunchPlan> PrepareAsync(RabbitMQServerResource server, LocalMachine machine, CancellationToken ct)
    {
        if (!File.Exists(Server)) throw new FileNotFoundException("RabbitMQ is not installed here: apt-get install rabbitmq-server, or run eng/setup.sh.");
        var folder = DataFolder.Of(server, machine);
        var pidFile = Path.Combine(folder, "pid");
        await Shell.WaitForPredecessorAsync(pidFile, TimeProvider.System, ct);
        await WriteConfigurationAsync(server, folder, ct);
        return new LaunchPlan(
            "/usr/bin/setpriv", ["--pdeathsig", "TERM", "--", "/bin/sh", "-c", Script], folder, new Dictionary<string, string>
            {
                ["HOME"] = folder,
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["ERL_EPMD_PORT"] = machine.FreePort().ToString(CultureInfo.InvariantCulture),
                ["RABBITMQ_NODENAME"] = $"{server.Name}@localhost",
                ["RABBITMQ_DIST_PORT"] = machine.FreePort().ToString(CultureInfo.InvariantCulture),
                ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
                ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
                ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(folder, "advanced.config"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
                ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
                ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
                ["RABBITMQ_PID_FILE"] = pidFile,

                // The broker replaces the shell, so that the process DCP knows, and a test kills, is the broker.
                ["RUNNING_UNDER_SYSTEMD"] = "true",

                // Loopback only, and no spinning schedulers: a developer's machine has other things to do.
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
                    "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
            });
    }

    private static async Task WriteConfigurationAsync(RabbitMQServerResource server, string folder, CancellationToken ct)
    {
        var file = Path.Combine(folder, "rabbitmq.conf");
        await File.WriteAllTextAsync(file, "", ct);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(file, $"""
            listeners.tcp.1 = 127.0.0.1:{server.PrimaryEndpoint.Port}
            default_user = {await server.UserNameReference.GetValueAsync(ct)}
            default_pass = {await server.PasswordParameter.GetValueAsync(ct)}
            log.console = true
            log.console.level = info
            disk_free_limit.absolute = 50MB

            """, ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "advanced.config"), "[].\n", ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "enabled_plugins"), "[].\n", ct);
    }
}
