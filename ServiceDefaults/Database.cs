using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ExamPlatform;

public static class Database
{
    /// <summary>The service's own database, under the connection name that the AppHost gives it.</summary>
    public static void AddServiceDatabase<TDb>(this WebApplicationBuilder builder, string connectionName) where TDb : ServiceDb
    {
        builder.AddNpgsqlDataSource(connectionName);
        builder.Services.AddDbContext<TDb>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())
            .ConfigureWarnings(events => events.Log((RelationalEventId.CommandError, LogLevel.Debug)))); // whoever catches the exception says whether it is an error
        builder.Services.AddScoped<ServiceDb>(provider => provider.GetRequiredService<TDb>());
        builder.Services.AddSingleton<AuditKey>().AddScoped<AuditTrail>().AddHostedService<AuditSealer>();
    }

    /// <summary>
    /// With the argument <c>migrate</c> the process brings its database and its queues up to date and ends: the step of its own that runs before any service starts.
    /// With <c>audit</c> it verifies its audit trail, tells, and ends with 1 where something was changed; a number and a hash beside it are a head kept elsewhere. Otherwise the service runs.
    /// </summary>
    public static async Task MigrateOrRunAsync<TDb>(this WebApplication app, string[] args) where TDb : ServiceDb
    {
        if (args is ["migrate", ..])
        {
            await app.MigrateAsync<TDb>();
            await app.DeployQueuesAsync();
        }
        else if (args is ["audit", .. var head]) Environment.ExitCode = await app.AuditAsync(head) ? 0 : 1;
        else await app.RunAsync();
    }

    private static async Task<bool> AuditAsync(this IHost app, string[] head)
    {
        await using var scope = app.Services.CreateAsyncScope();
        (long, string)? kept = head is [var number, var hash] ? (long.Parse(number, CultureInfo.InvariantCulture), hash) : null;
        var report = await scope.ServiceProvider.GetRequiredService<AuditTrail>().Verify(kept, CancellationToken.None);
        foreach (var fault in report.Faults) Console.WriteLine($"{fault.Kind} {fault.Source} {fault.Key} {fault.Number}");
        Console.WriteLine($"{report.Number} sealed, {report.Unsealed} not yet, {report.Faults.Count} faults; head {report.Number} {report.Hash}");
        return report.Faults.Count == 0;
    }

    /// <summary>Applies the migrations and lets every new outbox row wake the dispatchers.</summary>
    public static async Task MigrateAsync<TDb>(this IHost app) where TDb : ServiceDb
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        await db.Database.MigrateAsync();
        await db.Database.ExecuteSqlRawAsync("""
            create or replace function outbox_wake() returns trigger language plpgsql as $$ begin perform pg_notify('outbox', ''); return null; end $$;
            create or replace trigger outbox_wake after insert on outbox for each statement execute function outbox_wake();
            """);
        await db.KeepAudit();
        foreach (var seed in scope.ServiceProvider.GetServices<ISeed<TDb>>()) await seed.SeedAsync(db, CancellationToken.None);
    }
}

/// <summary>What a service puts into an empty database in the migration step. Must be repeatable.</summary>
public interface ISeed<in TDb> where TDb : ServiceDb
{
    Task SeedAsync(TDb db, CancellationToken cancellationToken);
}
