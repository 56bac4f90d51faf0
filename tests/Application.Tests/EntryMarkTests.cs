using System.Net;
using System.Text.Json.Nodes;
using ExamPlatform.Applications.Contracts;

namespace ExamPlatform.Applications.Tests;

/// <summary>Locks and check marks of the profile's entries (C5, seed 003).</summary>
public sealed class EntryMarkTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Theory]
    [InlineData(Standing.Draft, false)]
    [InlineData(Standing.Submitted, true)]
    [InlineData(Standing.ReturnedForCorrection, false)]
    [InlineData(Standing.AwaitingPayment, true)]
    [InlineData(Standing.Registered, true)]
    [InlineData(Standing.Rejected, false)]
    [InlineData(Standing.Abandoned, false)]
    [InlineData(Standing.AwaitingRelease, true)]
    [InlineData(Standing.Appealed, true)]
    public void Entries_are_locked_while_officers_look_at_the_application_or_have_passed_it(Standing standing, bool locks) => Assert.Equal(locks, standing.LocksEntries());

    [Theory]
    [InlineData("changes")]
    [InlineData("drops")]
    public async Task An_entry_of_a_submitted_application_is_locked_and_the_refusal_names_it_and_the_application(string what)
    {
        var person = await Submitted();
        var entry = (await Profile(person))["education"]!["entries"]![0]!;
        entry["major"] = "口腔医学";

        var reply = await person.TryPut("/api/profile/education", new { entries = what == "drops" ? [] : new[] { entry } });

        var problem = await Person.Json(reply);
        Assert.Equal((HttpStatusCode.Conflict, "urn:exam:entry-locked"), (reply.StatusCode, (string)problem["type"]!));
        Assert.Equal((person.Entry, person.Application.ToString()), ((string)problem["entries"]![0]!["entryId"]!, (string)problem["entries"]![0]!["applications"]![0]!));
        Assert.Equal("临床医学", (string)(await Profile(person))["education"]!["entries"]![0]!["major"]!);
    }

    [Fact]
    public async Task A_locked_entry_may_stay_beside_others_that_come_change_and_go()
    {
        var person = await Submitted();
        var locked = (await Profile(person))["education"]!["entries"]![0]!;

        foreach (var others in (string[][])[["甲"], ["乙", "丙"], []])
            await person.Put("/api/profile/education", new { entries = others.Select(school => (object)new { school, major = "x", level = "master", graduatedOn = "2018-07" }).Append(locked) });
        await person.Put("/api/profile/basic", new { ethnicGroup = "汉族" });

        Assert.Equal($"{person.Entry} True", Marks(await Profile(person)));
    }

    [Fact]
    public async Task An_entry_that_is_changed_while_the_application_is_being_sent_in_is_not_sent_in_as_it_was()
    {
        var person = await (await (await service.APerson()).Start()).Fill();
        service.Documents.Meanwhile = () => person.Put("/api/profile/education", new { entries = new[] { new { id = person.Entry, school = "清华大学", major = "x", level = "doctor", graduatedOn = "2020-07" } } });

        var reply = await person.Http.PostAsync($"{person.Address}/submissions", null);

        Assert.Equal((HttpStatusCode.Conflict, "urn:exam:changed-meanwhile"), (reply.StatusCode, (string)(await Person.Json(reply))["type"]!));
        Assert.Equal("draft", (string)(await person.Look())["standing"]!);
    }

    [Fact]
    public async Task A_profile_read_before_the_application_was_sent_in_is_read_again_before_it_is_saved()
    {
        var person = await (await (await service.APerson()).Start()).Fill();
        var read = (await person.Http.GetAsync("/api/profile")).Headers.ETag!.ToString();
        await person.Submit();

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await person.TryPut("/api/profile/basic", new { ethnicGroup = "汉族" }, read)).StatusCode);
    }

    [Theory]
    [InlineData("withdrawal")]
    [InlineData("abandonment")]
    [InlineData("return")]
    public async Task Once_taken_back_given_up_or_returned_the_entry_is_free_again(string how)
    {
        var person = await Submitted();
        if (how == "return") await person.ConfirmationFailed();
        else await person.Http.PostAsync($"{person.Address}/{how}", null);

        await person.Put("/api/profile/education", new { entries = new[] { new { id = person.Entry, school = "清华大学", major = "x", level = "doctor", graduatedOn = "2020-07" } } });

        Assert.Equal($"{person.Entry} False", Marks(await Profile(person)));
    }

    [Fact]
    public async Task Only_the_latest_version_locks()
    {
        var person = await Submitted();
        await person.Http.PostAsync($"{person.Address}/withdrawal", null);
        var both = (await Person.Json(await person.Put("/api/profile/education", new { entries = new object[] { (await Profile(person))["education"]!["entries"]![0]!, new { school = "清华大学", major = "x", level = "master", graduatedOn = "2018-07" } } })))["education"]!["entries"]!;
        await person.Step("education", new { entry = (string)both[1]!["id"]! });
        await person.Submit();

        Assert.Equal($"{person.Entry} False, {both[1]!["id"]} True", Marks(await Profile(person)));
        await person.Put("/api/profile/education", new { entries = new[] { both[1]! } });
    }

    [Fact]
    public async Task An_entry_that_has_passed_all_reviews_is_verified_for_good_as_long_as_it_says_the_same()
    {
        var person = await Submitted();
        await person.Confirmed();
        await person.ReviewPassed("site-review");
        var before = (bool)(await Profile(person))["marks"]![0]!["verified"]!;
        await person.ReviewPassed("area-review");
        var due = (bool)(await Profile(person))["marks"]![0]!["verified"]!;
        await person.FeeClosed((await service.Published<FeeDue>(person.Application))[0].FeeId);
        var abandoned = (await Profile(person))["marks"]![0]!;
        await person.Put("/api/profile/education", new { entries = new[] { new { id = person.Entry, school = "北京大学", major = "口腔医学", level = "bachelor", graduatedOn = "2015-07", certificateNumber = "100011201505000001" } } });
        var changed = (bool)(await Profile(person))["marks"]![0]!["verified"]!;

        Assert.Equal((false, true, true, false), (before, due, (bool)abandoned["verified"]!, (bool)abandoned["locked"]!));
        Assert.False(changed);
        Assert.Empty(abandoned["applications"]!.AsArray());
    }

    [Fact]
    public async Task Where_nothing_is_paid_on_line_completion_verifies()
    {
        var person = await Registered();

        Assert.Equal((true, true), ((bool)(await Profile(person))["marks"]![0]!["verified"]!, (bool)(await Profile(person))["marks"]![0]!["locked"]!));
    }

    [Fact]
    public async Task A_version_that_was_replaced_before_the_reviews_were_passed_verifies_nothing()
    {
        var person = await Submitted();
        await person.ConfirmationFailed();
        await person.Put("/api/profile/education", new { entries = new[] { new { id = person.Entry, school = "清华大学", major = "x", level = "doctor", graduatedOn = "2020-07" } } });
        await person.Submit();
        await person.Confirmed(2);
        await person.ReviewPassed("site-review", 2);
        await person.ReviewPassed("area-review", 2);
        await person.Http.PostAsync($"{person.Address}/abandonment", null);
        var second = (bool)(await Profile(person))["marks"]![0]!["verified"]!;
        await person.Put("/api/profile/education", new { entries = new[] { new { id = person.Entry, school = "北京大学", major = "临床医学", level = "bachelor", graduatedOn = "2015-07", certificateNumber = "100011201505000001" } } });

        Assert.Equal((true, false), (second, (bool)(await Profile(person))["marks"]![0]!["verified"]!));
    }

    [Fact]
    public async Task Somebody_elses_application_marks_nothing()
    {
        var (owner, other) = (await Registered(), await service.APerson()); // both write the same of their education

        Assert.True((bool)(await Profile(owner))["marks"]![0]!["verified"]!);
        Assert.False((bool)(await Profile(other))["marks"]![0]!["locked"]!);
        Assert.False((bool)(await Profile(other))["marks"]![0]!["verified"]!);
    }

    [Fact]
    public async Task The_profile_with_its_marks_takes_at_most_three_queries()
    {
        var person = await Submitted();
        await person.Http.PostAsync($"{person.Address}/withdrawal", null);
        await person.Submit();
        service.Commands.About(person.Id);

        await Profile(person);

        Assert.InRange(service.Commands.About(person.Id), 1, 3);
    }

    private async Task<Person> Submitted() => await (await (await (await service.APerson()).Start()).Fill()).Submit();

    private async Task<Person> Registered()
    {
        var person = await (await (await (await service.APerson()).Start()).Fill(Person.Fujian)).Submit();
        await person.Confirmed();
        await person.ReviewPassed("site-review");
        await person.ReviewPassed("area-review");
        return person;
    }

    private static async Task<JsonNode> Profile(Person person) => await Person.Json(await person.Http.GetAsync("/api/profile"));

    private static string Marks(JsonNode profile) => string.Join(", ", profile["marks"]!.AsArray().Select(m => $"{m!["entryId"]} {(bool)m["locked"]!}").Order(StringComparer.Ordinal));
}
