using System.Net;
using ExamPlatform.Applications.Contracts;
using Microsoft.EntityFrameworkCore;
using static ExamPlatform.Reviews.Tests.ReviewFixture;

namespace ExamPlatform.Reviews.Tests;

public sealed class FormTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    [Fact]
    public async Task The_code_of_a_printed_form_leads_to_the_officers_work_and_the_look_is_recorded()
    {
        var work = await review.AnOpenWork(kind: "confirmation", stage: "confirmation");
        var (code, officer) = (AForm(work), Guid.NewGuid());

        var form = await review.Officer("site", BeijingSite, officer).GetAsync($"/api/reviews/forms/{code.ToLowerInvariant()}").Json();

        Assert.False(form.GetProperty("stale").GetBoolean());
        var found = Assert.Single(form.GetProperty("work").EnumerateArray());
        Assert.Equal((work.Id, "confirmation", "open"), (found.GetProperty("id").GetGuid(), found.GetProperty("stage").GetString(), found.GetProperty("state").GetString()));
        var look = await review.Query(db => db.Looks.SingleAsync(l => l.ApplicationId == work.ApplicationId));
        Assert.Equal((work.Id, officer, work.CandidateId, 1, review.Clock.Now), (look.WorkId, look.OfficerId, look.CandidateId, look.Version, look.At));
    }

    [Fact]
    public async Task A_stale_print_is_recognised_and_says_what_has_changed()
    {
        var work = await review.AnOpenWork();
        await review.Deliver(Stage(work.ApplicationId, version: 2, round: 2));
        var code = AForm(work, current: 2);

        var form = await review.Officer("site", BeijingSite).GetAsync($"/api/reviews/forms/{code}").Json();

        Assert.True(form.GetProperty("stale").GetBoolean());
        Assert.Equal((1, 2), (form.GetProperty("version").GetInt32(), form.GetProperty("currentVersion").GetInt32()));
        Assert.Equal("毕业学校 甲 乙", string.Join(' ', form.GetProperty("changes")[0].EnumerateObject().Select(p => p.Value.GetString())));
        Assert.Equal([(2, "open"), (1, "voided")], form.GetProperty("work").EnumerateArray().Select(w => (w.GetProperty("version").GetInt32(), w.GetProperty("state").GetString())));
        Assert.Equal(1, (await review.Query(db => db.Looks.SingleAsync(l => l.ApplicationId == work.ApplicationId))).Version);
    }

    [Theory]
    [InlineData("site", "110000/110200/")]
    [InlineData("area", "350000/")]
    [InlineData("area", Beijing)] // the place, but nothing for this level to decide
    [InlineData("point", BeijingSite + "110101/")]
    public async Task A_form_of_another_place_or_level_is_404_and_no_look(string level, string areaPath)
    {
        var work = await review.AnOpenWork();
        var code = AForm(work);

        Assert.Equal("not-found", (await review.Officer(level, areaPath).GetAsync($"/api/reviews/forms/{code}").Problem(HttpStatusCode.NotFound)).Code);

        Assert.False(await review.Query(db => db.Looks.AnyAsync(l => l.ApplicationId == work.ApplicationId)));
    }

    [Fact]
    public async Task A_form_of_an_application_that_has_moved_elsewhere_is_no_longer_this_citys()
    {
        var work = await review.AnOpenWork();
        var code = AForm(work, current: 2, areaPath: "350000/350100/");

        Assert.Equal("not-found", (await review.Officer("site", BeijingSite).GetAsync($"/api/reviews/forms/{code}").Problem(HttpStatusCode.NotFound)).Code);
    }

    [Fact]
    public async Task A_code_that_no_form_has_is_404() =>
        Assert.Equal("not-found", (await review.Officer("site", BeijingSite).GetAsync("/api/reviews/forms/23456789ABCD").Problem(HttpStatusCode.NotFound)).Code);

    private string AForm(Work work, int current = 1, string areaPath = BeijingSite)
    {
        var code = Guid.NewGuid().ToString("N")[..12].ToUpperInvariant();
        var form = new RecognisedForm { ApplicationId = work.ApplicationId.ToString(), Version = 1, CurrentVersion = current, Current = true, AreaPath = areaPath };
        if (current > 1) form.Changes.Add(new Change { Title = "毕业学校", Then = "甲", Now = "乙" });
        review.Application.Forms[code] = form;
        return code;
    }
}
