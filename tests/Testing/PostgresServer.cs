using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ExamPlatform.Testing;

/// <summary>
/// A real PostgreSQL server of the test process's own, started at first use and gone with the process. <c>EXAM_TEST_POSTGRES</c> (a connection string of a
/// user that may create databases) uses a server that runs already.
/// </summary>
public static class PostgresServer
{
    private static readonly Lazy<Task<string>> Shared = new(() => Environment.GetEnvironmentVariable("EXAM_TEST_POSTGRES") is { Length: > 0 } given ? Task.FromResult(given) : Start());

    /// <summary>A new empty database; returns its connection string.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        var server = await Shared.Value;
        var name = "t_" + Guid.NewGuid().ToString("N");
        await using var source = NpgsqlDataSource.Create(server);
        await using var create = source.CreateCommand($"create database {name}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20, IncludeErrorDetail = true }.ConnectionString;
    }

    private static async Task<string> Start()
    {
        var bin = Environment.GetEnvironmentVariable("EXAM_POSTGRES_BIN") ?? Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";
        var folder = Directory.CreateTempSubdirectory("exam-test-pg-").FullName;
        var root = Environment.UserName == "root";
        if (root) await Run("chown", ["postgres:postgres", folder]);
        string[] asPostgres = root ? ["--pdeathsig", "INT", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : ["--pdeathsig", "INT", "--"];
        await Run("setpriv", [.. asPostgres[2..], $"{bin}/initdb", "-D", $"{folder}/data", "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        var port = FreePort();
        // nothing here outlives the run: no fsync
        Keep(new ProcessStartInfo("setpriv", [.. asPostgres, $"{bin}/postgres", "-D", $"{folder}/data", "-p", $"{port}", "-c", "listen_addresses=127.0.0.1",
            "-c", $"unix_socket_directories={folder}", "-c", "fsync=off", "-c", "max_connections=300"])
        { RedirectStandardError = true, RedirectStandardOutput = true });
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var connection = $"Host=127.0.0.1;Port={port};Username=app;Database=postgres";
        await Until.Async(async () => await Answers(connection), TimeSpan.FromSeconds(30), "PostgreSQL answers");
        return connection;
    }

    /// <summary>The kernel's parent-death signal follows the thread that started the child: a pool thread would take the server with it when it retires.</summary>
    private static void Keep(ProcessStartInfo server) => new Thread(() =>
    {
        using var process = Process.Start(server)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.WaitForExit();
    })
    { IsBackground = true, Name = "PostgreSQL" }.Start();

    private static async Task<bool> Answers(string connection)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(connection);
            await using var open = await source.OpenConnectionAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task Run(string program, string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', args)}: {await error}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
