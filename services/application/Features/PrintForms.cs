using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Applications.Features;

/// <summary>
/// Makes the PDFs that were asked for, the longest waiting first. Replicas share the work by row locks: what one is making, the others skip, and what a dead one was making is free again. The browser
/// is started for a burst of forms and ended after it, so that an idle service holds none.
/// </summary>
public sealed class PrintForms(IServiceScopeFactory scopes, TimeProvider clock, IOptions<FormOptions> options, FormSeal seal, ILogger<PrintForms> log) : BackgroundService
{
    private const int LongestBurst = 100; // a browser that never ends only grows
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private const string Next = "select *, xmin from printed_forms where state = 'Waiting' and try_at <= {0} order by asked_at limit 1 for update skip locked";

    private Chromium? browser;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(LookEvery);
        try
        {
            while (await tick.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    for (var n = 0; n < LongestBurst && await PrintNext(stoppingToken); n++) { }
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    log.LogWarning(e, "Forms cannot be printed now; looking again in {Seconds} s", LookEvery.TotalSeconds);
                }
                finally
                {
                    await CloseBrowser();
                }
            }
        }
        catch (OperationCanceledException)
        {
            log.LogDebug("Stopping");
        }
    }

    /// <returns>Whether there was one to make.</returns>
    private async Task<bool> PrintNext(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ApplicationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.PrintedForms.FromSqlRaw(Next, clock.GetUtcNow()).SingleOrDefaultAsync(ct) is not { } form) return false;
        try
        {
            if (form.Keep(seal.Seal(form, await Print(await Write(form, scope.ServiceProvider, db, ct), ct)), clock.GetUtcNow()) is { } refusal) throw new InvalidOperationException(refusal.Code);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            form.Miss(clock.GetUtcNow());
            log.Log(form.State is FormState.Failed ? LogLevel.Error : LogLevel.Warning, e, "Form {Number} of application {ApplicationId} cannot be printed (attempt {Attempt})", form.Number, form.ApplicationId, form.Attempts);
            await CloseBrowser();
        }
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static async Task<string> Write(PrintedForm form, IServiceProvider services, ApplicationDb db, CancellationToken ct)
    {
        var application = await db.Applications.AsNoTracking().Include(a => a.Submissions.Where(s => s.Number == form.Number)).SingleAsync(a => a.Id == form.ApplicationId, ct);
        var person = await services.GetRequiredService<IdentityAnswers.IdentityAnswersClient>().GetPersonAsync(new() { CandidateId = application.CandidateId.ToString() }, cancellationToken: ct);
        var photo = await FormDocument.PhotoOf(application, application.Submissions[0], services.GetRequiredService<DocumentAnswers.DocumentAnswersClient>(), ct);
        return FormDocument.Write(application, application.Submissions[0], await services.GetRequiredService<Programmes>().Of(application, ct), person, photo);
    }

    private async Task<byte[]> Print(string html, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Value.Patience);
        return await (browser ??= Chromium.Start(options.Value.Browser)).Print(html, patience.Token);
    }

    private async Task CloseBrowser()
    {
        if (browser is { } open) await open.DisposeAsync();
        browser = null;
    }
}
