using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews.Tests;

/// <summary>A list that leaves the platform is written down: who, what, what for.</summary>
public sealed class ExportTests(ReviewFixture review) : IClassFixture<ReviewFixture>
{
    private const string City = "610000/610100/";

    [Fact]
    public async Task What_is_taken_out_is_what_the_filters_show_and_who_took_it_for_what_is_kept()
    {
        var confirmation = await review.AnOpenWork(areaPath: City, stage: "confirmation", kind: "confirmation");
        await review.AnOpenWork(areaPath: City);
        var (officer, id) = Officer();
        var export = await Record(officer, new { purpose = " 考点核对 ", format = "xlsx", stage = "confirmation" });

        Assert.Equal([confirmation.Id], (await officer.AllPages($"/api/reviews/exports/{export}/work", "work")).Select(w => w.GetProperty("id").GetGuid()));
        var kept = (await officer.GetAsync("/api/reviews/exports").Json()).GetProperty("exports").EnumerateArray().Single(e => e.GetProperty("id").GetGuid() == export);
        Assert.Equal((id, "考点核对", "xlsx", "confirmation", "open"), (kept.GetProperty("officerId").GetGuid(), kept.GetProperty("purpose").GetString(), kept.GetProperty("format").GetString(),
            kept.GetProperty("filters").GetProperty("stage").GetString(), kept.GetProperty("filters").GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Pages_of_an_export_follow_each_other_without_gap_or_repeat()
    {
        const string Large = "620000/620100/";
        var ids = new List<Guid>();
        await review.Query(async db =>
        {
            for (var i = 0; i < 502; i++) db.Work.Add(Some(Large, ids));
            return await db.SaveChangesAsync();
        });
        var officer = review.Officer("site", Large);

        var rows = await officer.AllPages($"/api/reviews/exports/{await Record(officer, new { purpose = "统计", format = "csv" })}/work", "work");

        Assert.Equal(ids.Order(), rows.Select(w => w.GetProperty("id").GetGuid()).Order());
    }

    [Theory]
    [InlineData("site", City, false)] // a colleague
    [InlineData("area", "610000/", false)]
    [InlineData("site", "610000/610200/", false)]
    public async Task Nobody_else_gets_the_rows(string level, string areaPath, bool gets)
    {
        var export = await Record(Officer().Client, new { purpose = "统计", format = "csv" });

        Assert.Equal(gets, (await review.Officer(level, areaPath).GetAsync($"/api/reviews/exports/{export}/work")).StatusCode == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("site", City, true)]
    [InlineData("area", "610000/", true)]
    [InlineData("national", "", true)]
    [InlineData("site", "610000/610200/", false)]
    [InlineData("area", "620000/", false)]
    public async Task The_record_is_read_by_those_in_whose_jurisdiction_it_lies(string level, string areaPath, bool reads)
    {
        var export = await Record(Officer().Client, new { purpose = "统计", format = "csv" });

        Assert.Equal(reads, (await review.Officer(level, areaPath).AllPages("/api/reviews/exports", "exports")).Any(e => e.GetProperty("id").GetGuid() == export));
    }

    [Fact]
    public async Task Without_a_purpose_or_with_wrong_filters_nothing_is_taken_out()
    {
        var (officer, id) = Officer();
        var reply = officer.PostAsJsonAsync("/api/reviews/exports", new { purpose = " ", format = "csv", areaPath = "350000/", state = "7" });

        Assert.Equal(["#/state unknown-state", "#/areaPath outside-jurisdiction", "#/purpose required"], (await reply.Problem(HttpStatusCode.BadRequest)).Faults);
        Assert.Equal(["#/purpose too-long"], (await officer.PostAsJsonAsync("/api/reviews/exports", new { purpose = new string('一', 201), format = "csv" }).Problem(HttpStatusCode.BadRequest)).Faults);
        Assert.False(await review.Query(db => db.WorkExports.AnyAsync(e => e.OfficerId == id)));
    }

    [Fact]
    public async Task The_record_of_an_export_never_changes()
    {
        await Record(Officer().Client, new { purpose = "统计", format = "csv" });

        Assert.Contains("append-only", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => review.Query(db => db.Database.ExecuteSqlRawAsync("update work_exports set purpose = ''")))).MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_and_after_a_work_stands_what_the_list_with_these_filters_has()
    {
        const string Row = "630000/630100/";
        Work[] all = [await review.AnOpenWork(areaPath: Row), await review.AnOpenWork(areaPath: Row), await review.AnOpenWork(areaPath: Row, stage: "confirmation", kind: "confirmation")];
        var (other, reviews) = (all[2], all[..2].OrderBy(w => w.Id).ToList()); // of one millisecond, ids come in any order
        var list = all.OrderBy(w => w.Id).ToList();
        var officer = review.Officer("site", Row);

        Assert.Equal((null, list[1].Id), await Around(officer, list[0], ""));
        Assert.Equal((list[0].Id, list[2].Id), await Around(officer, list[1], ""));
        Assert.Equal((reviews[0].Id, null), await Around(officer, reviews[1], "?stage=site-review"));
        Assert.Equal(HttpStatusCode.NotFound, (await review.Officer("site", City).GetAsync($"/api/reviews/work/{other.Id}/neighbours")).StatusCode);
        Assert.Equal(["#/state unknown-state"], (await officer.GetAsync($"/api/reviews/work/{other.Id}/neighbours?state=x").Problem(HttpStatusCode.BadRequest)).Faults);
    }

    private static async Task<(Guid?, Guid?)> Around(HttpClient officer, Work work, string filters)
    {
        var found = await officer.GetAsync($"/api/reviews/work/{work.Id}/neighbours{filters}").Json();
        return (Id("previous"), Id("next"));

        Guid? Id(string name) => found.GetProperty(name) is { ValueKind: System.Text.Json.JsonValueKind.String } id ? id.GetGuid() : null;
    }

    private (HttpClient Client, Guid Id) Officer() => Guid.NewGuid() is var id ? (review.Officer("site", City, id), id) : default;

    private static async Task<Guid> Record(HttpClient officer, object body) => (await officer.PostAsJsonAsync("/api/reviews/exports", body).Json(HttpStatusCode.Created)).GetProperty("id").GetGuid();

    private Work Some(string areaPath, List<Guid> ids)
    {
        ids.Add(Guid.CreateVersion7());
        return new() { Id = ids[^1], ApplicationId = Guid.NewGuid(), Version = 1, Round = 1, ProgrammeCode = "HP", ProgrammeVersion = 1, SessionCode = "2027", Stage = "site-review", Kind = WorkKind.Review, Level = "site", AreaPath = areaPath, OpenedAt = review.Clock.Now };
    }
}
