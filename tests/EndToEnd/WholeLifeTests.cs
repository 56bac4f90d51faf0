using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;

namespace ExamPlatform.EndToEnd;

[Collection(PlatformCollection.Name)]
public sealed class WholeLifeTests(RunningPlatform platform)
{
    [Fact]
    public async Task A_nurse_of_Beijing_registers_is_sent_back_once_corrects_pays_and_is_registered()
    {
        using var telling = new Telling("HP", null, TextWriter.Null);
        var life = new HpLife(platform.Platform, telling);

        await life.Play();

        Assert.Equal("registered", (await life.Life.Look())["standing"]);
    }

    [Fact]
    public async Task Who_came_to_the_counter_is_sent_in_by_one_reply_and_can_be_reviewed()
    {
        var life = new BmCounterLife(platform.Platform);

        await life.Play();

        Assert.Equal(1, await platform.Query<long>("application", "select count(*) from submissions where application_id = $1", Guid.Parse(life.Id)));
        await Eventually.Holds("mobiles and words to be gone", async () => await platform.Query<long>("notification", "select count(*) from sms_replies where sealed is not null") == 0);
    }

    [Fact]
    public async Task Where_nothing_is_paid_on_line_the_last_review_registers()
    {
        var life = await platform.Submitted("350000", "350100");
        var site = await platform.Desk("site-350100");

        await site.Pass(life.Life.Id, "confirmation");
        await site.Pass(life.Life.Id, "site-review");
        await (await platform.Desk("area-350000")).Pass(life.Life.Id, "area-review");

        await life.Life.Await("registered");
        Assert.Empty((await life.Life.Candidate.Get("/api/payments/fees")).Expect(200).Json.EnumerateArray());
    }

    [Fact]
    public async Task Taken_back_before_confirmation_it_can_be_sent_in_again_and_only_the_new_version_is_work()
    {
        var life = await platform.Submitted();
        var desk = await platform.Desk();
        await desk.Find(life.Life.Id, "confirmation");

        (await life.Life.Candidate.Post($"{life.Life.Address}/withdrawal", null)).Expect(204);
        await Eventually.Holds("the work is void", async () => (await desk.All(life.Life.Id, "confirmation")).Count == 0);
        var taken = await life.Life.Look();
        var again = await life.Submit();

        await desk.Find(life.Life.Id, "confirmation");
        var work = Assert.Single(await desk.All(life.Life.Id, "confirmation"));
        Assert.Equal(("draft", "withdrawn", "2"), (taken["standing"], taken["status/where"], again["version"]));
        Assert.Equal("2", work.Text("version"));
    }

    [Fact]
    public async Task After_confirmation_it_cannot_be_taken_back()
    {
        var life = await platform.Submitted();
        await life.Confirm();

        var refused = await life.Life.Candidate.Post($"{life.Life.Address}/withdrawal", null);

        refused.ExpectRefusal(409, "too-late-to-withdraw");
        Assert.Equal("submitted", (await life.Life.Look())["standing"]);
    }
}
