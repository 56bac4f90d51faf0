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
    }

    /// <summary>
    /// With the argument <c>migrate</c> the process brings its database and its queues up to date and ends: the step of its own that runs before any service starts.
    /// Otherwise the service runs.
    /// </summary>
    public static async Task MigrateOrRunAsync<TDb>(this WebApplication app, string[] args) where TDb : ServiceDb
    {
        if (args is ["migrate", ..])
        {
            await app.MigrateAsync<TDb>();
            await app.DeployQueuesAsync();
        }
        else await app.RunAsync();
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
        foreach (var seed in scope.ServiceProvider.GetServices<ISeed<TDb>>()) await seed.SeedAsync(db, CancellationToken.None);
    }
}

/// <summary>What a service puts into an empty database in the migration step. Must be repeatable.</summary>
public interface ISeed<in TDb> where TDb : ServiceDb
{
    Task SeedAsync(TDb db, CancellationToken cancellationToken);
}
