using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;

namespace ExamPlatform.EndToEnd;

[Collection(PlatformCollection.Name)]
public sealed class OutageTests(RunningPlatform platform)
{
    [Fact]
    public async Task While_the_broker_is_away_every_request_succeeds_and_after_it_nothing_is_lost()
    {
        var (submitted, filled, desk) = (await platform.Submitted(), await platform.FilledIn(), await platform.Desk());
        var work = await desk.Find(submitted.Life.Id, "confirmation");

        await platform.Stop("messaging");
        HpLife registered;
        try
        {
            await filled.Submit();
            await desk.Open(work);
            await desk.Decide(work, "1");
            registered = await platform.FilledIn();
            (await filled.Life.Candidate.Get("/api/notices")).Expect(200);
        }
        finally
        {
            await platform.Start("messaging");
        }

        await submitted.Life.Await("submitted", "site-review");
        await desk.Find(filled.Life.Id, "confirmation");
        await registered.Life.Notice("welcome");
        await filled.Life.Notice("submitted");
        Assert.Single(await desk.All(filled.Life.Id, "confirmation"));
    }

    [Fact]
    public async Task A_message_goes_out_and_takes_effect_once_though_its_service_is_killed_between_commit_and_send()
    {
        var (life, desk) = (await platform.FilledIn(), await platform.Desk());
        const string unsent = "select count(*) from outbox where sent_at is null and body::text like $1";

        await platform.Stop("messaging");
        long waiting;
        try
        {
            await life.Submit();
            await platform.Kill("application");
            waiting = await platform.Query<long>("application", unsent, $"%{life.Life.Id}%");
        }
        finally
        {
            await Task.WhenAll(platform.Start("messaging"), platform.Start("application"));
        }

        await desk.Find(life.Life.Id, "confirmation");
        Assert.True(waiting > 0);
        await Eventually.Holds("the outbox is empty", async () => await platform.Query<long>("application", unsent, $"%{life.Life.Id}%") == 0);
        Assert.Equal(1, await platform.Query<long>("review", "select count(*) from work where application_id = $1", Guid.Parse(life.Life.Id)));
        await life.Life.Notice("submitted");
        await life.Confirm();
    }

    [Fact]
    public async Task A_restart_of_PostgreSQL_breaks_no_life()
    {
        var (life, desk) = (await platform.Submitted(), await platform.Desk());
        var work = await desk.Find(life.Life.Id, "confirmation");

        await platform.Stop("postgres");
        Answer away;
        try
        {
            away = await life.Life.Candidate.Get(life.Life.Address);
        }
        finally
        {
            await platform.Start("postgres");
        }

        Assert.Equal(503, away.Status);
        Assert.NotNull(away.RetryAfter);
        await Eventually.Holds("the application is there again", async () => (await life.Life.Candidate.Get(life.Life.Address)).Status == 200);
        await Eventually.Holds("the work is there again", async () => (await desk.Officer.Get($"/api/reviews/work/{work}")).Status == 200);
        await life.Confirm();
        await life.Life.Notice("stagePassed");
    }

    [Fact]
    public async Task A_service_that_is_away_is_503_with_Retry_After_and_the_others_go_on()
    {
        var life = await platform.FilledIn();

        await platform.Stop("payment");
        Answer away, other;
        try
        {
            // until the gateway's probes have found it out, requests wait for it
            away = await Eventually.Get("an answer", () => Within(TimeSpan.FromSeconds(1), life.Life.Candidate.Get("/api/payments/fees")));
            other = await life.Life.Candidate.Get(life.Life.Address);
        }
        finally
        {
            await platform.Start("payment");
        }

        away.ExpectRefusal(503, "temporarily-unavailable");
        Assert.NotNull(away.RetryAfter);
        Assert.Equal(200, other.Status);
        await Eventually.Holds("payment answers again", async () => (await life.Life.Candidate.Get("/api/payments/fees")).Status == 200);
    }

    /// <summary>Null when it took longer.</summary>
    private static async Task<Answer?> Within(TimeSpan limit, Task<Answer> answer)
    {
        try
        {
            return await answer.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
