using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>Removes once an hour what no rule asks for any more: counted failures and uses past their time, codes of SMS, of devices and of bindings, and sessions that cannot be refreshed. The audit of sign-ins stays.</summary>
public sealed class ForgetOldSignIns(IServiceScopeFactory scopes, IOptions<IdentitySettings> settings, TimeProvider clock, ILogger<ForgetOldSignIns> log) : BackgroundService
{
    /// <summary>A reused token of a session that ended lately shall still be told from one that never was.</summary>
    private static readonly TimeSpan KeptAfterEnd = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hourly = new PeriodicTimer(TimeSpan.FromHours(1));
        while (await hourly.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Forget(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Old sign-ins could not be removed now; trying again in an hour");
            }
        }
    }

    public async Task Forget(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        await db.FailedSignIns.Where(f => f.LastAt < now - settings.Value.LockOut.Memory && (f.LockedUntil == null || f.LockedUntil <= now)).ExecuteDeleteAsync(cancellationToken);
        await db.SmsCodes.Where(c => c.ExpiresAt < now - KeptAfterEnd).ExecuteDeleteAsync(cancellationToken);
        await db.FaceChecks.Where(c => c.ExpiresAt < now - KeptAfterEnd).ExecuteDeleteAsync(cancellationToken);
        await db.CountedUses.Where(u => u.EndsAt <= now).ExecuteDeleteAsync(cancellationToken);
        await db.Sessions.Where(s => s.EndsAt < now - KeptAfterEnd).ExecuteDeleteAsync(cancellationToken); // their tokens go with them
        await db.FormerMobiles.Where(f => f.Until < now - FormerMobile.Kept).ExecuteDeleteAsync(cancellationToken);
        await db.BindingRequests.Where(r => r.EndsAt <= now).ExecuteDeleteAsync(cancellationToken);
        await db.DeviceSignIns.Where(d => d.EndsAt <= now).ExecuteDeleteAsync(cancellationToken);
    }
}
