using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal.Dcp;

namespace ExamPlatform.AspireLocal;

internal static class PostgresLaunch
{
    private static readonly string[] AsPostgres = Environment.IsPrivilegedProcess
        ? ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        : [];

    public static async Task<LaunchPlan> PrepareAsync(
        PostgresServerResource server, LocalMachine machine, Action<string> log, CancellationToken ct)
    {
        var folder = DataFolder.Of(server, machine);
        if (Environment.IsPrivilegedProcess) folder = DataFolder.ReachableByOthers(folder);
        var data = Path.Combine(folder, "pgdata");
        await Shell.WaitForPredecessorAsync(Path.Combine(data, "postmaster.pid"), TimeProvider.System, ct);
        if (!Directory.Exists(data)) await InitialiseAsync(server, folder, data, log, ct);

        var port = server.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        var settings = new List<string>
        {
            "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=400", "shared_buffers=64MB",
            "log_line_prefix=%m [%p] ",
        };

        // A test's database need not survive a power cut; it still survives a killed server.
        if (machine.IsTest) settings.AddRange(["fsync=off", "full_page_writes=off"]);
        return new LaunchPlan(
            "/usr/bin/setpriv",
            ["--pdeathsig", "INT", .. AsPostgres, "--", Path.Combine(Binaries(), "postgres"), "-D", data, "-p", port,
                .. settings.SelectMany(s => new[] { "-c", s })],
            folder,
            new Dictionary<string, string>());
    }

    /// <summary>Made beside its place and moved there when whole: an interrupted first start leaves nothing half made.</summary>
    private static async Task InitialiseAsync(
        PostgresServerResource server, string folder, string data, Action<string> log, CancellationToken ct)
    {
        log("Initialising a new PostgreSQL data folder.");
        var draft = data + ".new";
        var passwordFile = Path.Combine(folder, "password");
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        File.Delete(passwordFile);
        await File.WriteAllTextAsync(passwordFile, await server.PasswordParameter.GetValueAsync(ct), ct);
        File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (AsPostgres.Length > 0) await Shell.RunAsync("/bin/chown", ["postgres:postgres", folder, passwordFile], ct);
        try
        {
            var user = await server.UserNameReference.GetValueAsync(ct);
            await Shell.RunAsync("/usr/bin/setpriv",
                ["--pdeathsig", "KILL", .. AsPostgres, "--", Path.Combine(Binaries(), "initdb"), "-D", draft, "-U", user!, "--pwfile",
                    passwordFile, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "--no-sync"], ct);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(draft, data);
    }

    private static string Binaries() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin"))
            .Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault() ?? throw Missing()
        : throw Missing();

    private static FileNotFoundException Missing() => new("PostgreSQL is not installed here: apt-get install postgresql, or run eng/setup.sh.");
}
