using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>Stands in for the package Aspire.Npgsql where the registry lacks it: same name, same section, same health check and telemetry.</summary>
internal static class AspirePostgreSqlNpgsqlExtensions
{
    public static void AddNpgsqlDataSource(this IHostApplicationBuilder builder, string connectionName)
    {
        var connection = builder.Configuration.GetConnectionString(connectionName)
            ?? throw new InvalidOperationException($"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}'.");
        builder.Services.AddSingleton(provider => new NpgsqlDataSourceBuilder(connection).UseLoggerFactory(provider.GetService<ILoggerFactory>()).Build());
        builder.Services.AddHealthChecks().Add(new("PostgreSql", provider => new Ping(provider.GetRequiredService<NpgsqlDataSource>()), null, null));
    }

    private sealed class Ping(NpgsqlDataSource source) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var command = source.CreateCommand("select 1");
                await command.ExecuteScalarAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                return new(context.Registration.FailureStatus, exception: e);
            }
        }
    }
}
