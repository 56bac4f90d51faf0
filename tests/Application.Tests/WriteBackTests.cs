using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Tests;

/// <summary>Missing values are added in place and written back to the profile (E2).</summary>
public sealed class WriteBackTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [Fact]
    public async Task A_group_the_profile_lacks_is_made_of_a_step_that_has_all_it_requires()
    {
        var person = await WithoutWork();
        await person.Step("work", new { employer = "示例医院", since = "2015-07", post = "主治医师", years = "11" });

        var work = (await Profile(person))["work"]!;
        Assert.Equal(("示例医院", "2015-07", "主治医师"), ((string)work["employer"]!, (string)work["since"]!, (string)work["post"]!));
    }

    [Fact]
    public async Task A_step_that_has_only_a_part_of_the_group_leaves_it_unmade()
    {
        var person = await WithoutWork();
        await person.Step("work", new { employer = "示例医院", post = "主治医师" });

        Assert.Null((await Profile(person))["work"]);
    }

    [Fact]
    public async Task A_value_missing_in_the_group_is_added_and_one_that_is_there_stays()
    {
        var person = await WithoutWork();
        await person.Put("/api/profile/work", new { employer = "示例医院", employerKind = (string?)null, since = "2015-07" });
        await person.Step("work", new { employer = "另一家医院", since = "2016-01", post = "护师" });
        await person.Step("work", new { employer = "另一家医院", since = "2016-01", post = "主管护师" });

        var work = (await Profile(person))["work"]!;
        Assert.Equal(("示例医院", "2015-07", "护师"), ((string)work["employer"]!, (string)work["since"]!, (string)work["post"]!));
    }

    [Fact]
    public async Task A_choice_is_written_back_in_words()
    {
        var person = await service.APerson();
        await person.Put("/api/profile/basic", new { ethnicGroup = "汉族" });
        await person.Start("ML");
        await person.Step("work", new { duty = "off-duty" });

        Assert.Equal("不在岗", (string)(await Profile(person))["work"]!["duty"]!);
    }

    [Fact]
    public void A_choice_starts_from_the_words_of_the_profile()
    {
        var duty = (ChoiceField)Exam.Read("ML").Field("work/duty")!;

        Assert.Equal("off-duty", duty.First(ProfileGroups.Empty with { Work = new("示例医院", null, "2015-07", Duty: "不在岗") }));
        Assert.Null(duty.First(ProfileGroups.Empty with { Work = new("示例医院", null, "2015-07", Duty: "别的") }));
    }

    [Fact]
    public async Task What_is_only_saved_while_it_is_typed_is_written_back_once_the_step_is_saved()
    {
        var person = await WithoutWork();
        var typed = await person.Change(HttpMethod.Patch, $"{person.Address}/steps/work", new { answers = new { employer = "示例", since = "2015-07" } });
        var before = (await Profile(person))["work"];
        await person.Step("work", new { employer = "示例医院", since = "2015-07" });

        Assert.True(typed.IsSuccessStatusCode);
        Assert.Null(before);
        Assert.Equal("示例医院", (string)(await Profile(person))["work"]!["employer"]!);
    }

    [Fact]
    public async Task A_refused_step_writes_nothing_back()
    {
        var person = await WithoutWork();
        await person.TryPut($"{person.Address}/steps/work", new { answers = new { employer = "示例医院", since = "2015-07", years = "many" } });
        await person.TryPut($"{person.Address}/steps/work", new { answers = new { employer = "示例医院", since = "2015-07" } }, "\"1\"");

        Assert.Null((await Profile(person))["work"]);
    }

    [Fact]
    public async Task A_step_with_nothing_new_leaves_the_profile_untouched()
    {
        var person = await (await service.APerson()).Start();
        var before = (await person.Http.GetAsync("/api/profile")).Headers.ETag;
        await person.Step("work", new { employer = "另一家医院", since = "2016-01", post = "护师" });

        Assert.Equal(before, (await person.Http.GetAsync("/api/profile")).Headers.ETag);
    }

    [Fact]
    public void What_the_profile_would_refuse_is_left_out_and_the_rest_is_taken()
    {
        var groups = ProfileGroups.Empty with { Work = new("示例医院", null, "2015-07") };
        var after = groups.FilledWith(new Dictionary<Prefill, string>
        {
            [Prefill.ContactAddress] = "某路1号",
            [Prefill.ContactPostcode] = "no postcode",
            [Prefill.WorkTitle] = "主治医师",
            [Prefill.WorkTitleSince] = "2030-01",
            [Prefill.WorkDuty] = "在岗",
            [Prefill.WorkEmployerKind] = new string('x', 51),
        }, Today);

        Assert.Null(after.Contact);
        Assert.Equal(new WorkGroup("示例医院", null, "2015-07", null, "主治医师", null, "在岗"), after.Work);
    }

    [Fact]
    public void Contact_is_made_of_address_and_postcode_and_takes_an_email()
    {
        var answers = new Dictionary<Prefill, string> { [Prefill.ContactAddress] = "某路1号", [Prefill.ContactPostcode] = "100010", [Prefill.ContactEmail] = "a@example.com" };

        Assert.Equal(new ContactGroup("某路1号", "100010", "a@example.com"), ProfileGroups.Empty.FilledWith(answers, Today).Contact);
        Assert.Equal("b@example.com", (ProfileGroups.Empty with { Contact = new("x", "350001", "b@example.com") }).FilledWith(answers, Today).Contact!.Email);
    }

    private async Task<Person> WithoutWork()
    {
        var person = await service.APerson();
        await service.Query(async db =>
        {
            var profile = await db.Profiles.SingleAsync(p => p.CandidateId == person.Id);
            profile.Groups = profile.Groups with { Work = null };
            return await db.SaveChangesAsync();
        });
        return await person.Start();
    }

    private static async Task<JsonNode> Profile(Person person) => await Person.Json(await person.Http.GetAsync("/api/profile"));
}
