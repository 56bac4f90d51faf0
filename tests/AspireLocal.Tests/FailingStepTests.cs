namespace ExamPlatform.AspireLocal.Tests;

public sealed class FailingStepTests
{
    [NeedsToolsFact]
    public async Task Nothing_starts_after_a_step_that_failed()
    {
        await using var app = await RunningSample.StartAsync("--SERVERS=false", "--JOB_EXIT=3");

        await app.ResourceNotifications.WaitForResourceAsync("api", KnownResourceStates.FailedToStart, RunningSample.Deadline);
        await app.ResourceNotifications.WaitForResourceAsync("front", KnownResourceStates.FailedToStart, RunningSample.Deadline);

        var waiting = app.ResourceNotifications.WaitForResourceHealthyAsync("front", RunningSample.Deadline);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => waiting);
    }
}
