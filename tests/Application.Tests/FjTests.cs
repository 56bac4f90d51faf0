namespace ExamPlatform.Applications.Tests;

/// <summary>福建省中医医师规范化培训招录, rule by rule of seed 004.</summary>
public sealed class FjTests
{
    private static readonly Guid Entry = Guid.NewGuid(), Coming = Guid.NewGuid();
    private static readonly DateTimeOffset EndOfRegistration = new(2027, 1, 15, 9, 0, 0, TimeSpan.Zero);

    private static readonly ProfileGroups Profile = ProfileGroups.Empty with
    {
        Basic = new("汉族"),
        Contact = new("福州市鼓楼区示例路1号", "350001"),
        Education = new([
            new("福建中医药大学", "中医学", EducationLevel.Bachelor, "2024-06", "1", Id: Entry),
            new("福建中医药大学", "中医内科学", EducationLevel.Master, "2027-06", Id: Coming),
        ]),
    };

    private static readonly Exam Fj = new(Exam.Read("FJ"), new Dictionary<string, string>
    {
        ["basic/identityType"] = "resident",
        ["education/entries"] = Entry.ToString(),
        ["education/school"] = "福建中医药大学",
        ["education/major"] = "中医学",
        ["licence/licensed"] = "no",
    }, Profile, At: null, Wanted: [new("fz-people", "中医"), new("xm-tcm", "中医全科")]);

    private static readonly Exam Licensed = Fj.But(("licence/licensed", "yes"), ("licence/number", "1"), ("licence/issuedOn", "2025-12"));

    [Fact]
    public void With_and_without_a_licence_the_form_can_be_filled_in_without_a_fault()
    {
        Assert.Empty(Fj.Filling().AllFaults());
        Assert.Empty(Licensed.Filling().AllFaults());
    }

    [Fact]
    public void Type_education_school_major_and_licence_are_required() => Assert.Equal(Fj.Complete.Keys.Order(StringComparer.Ordinal), Fj.Required([.. Fj.Complete.Keys]));

    [Fact]
    public void Only_residents_register() => Assert.Equal(["basic/identityType not-a-choice"], Fj.Faults(("basic/identityType", "teacher")));

    [Fact]
    public void People_from_hong_kong_macao_and_taiwan_register_with_their_permits() =>
        Assert.Equal(["residentId", "hkMacaoTravelPermit", "taiwanTravelPermit"], Fj.Programme.Candidates.DocumentTypes);

    [Fact]
    public void The_profile_is_completed_before_places_are_wanted() =>
        Assert.Equal(["#/profile/basic", "#/profile/contact", "#/profile/education"], ProfileGroups.Empty.Missing(Fj.Programme).Select(f => f.Pointer));

    [Fact]
    public void A_school_or_a_major_that_is_in_no_list_is_written_out() => Assert.Equal(
        ["education/otherMajor required", "education/otherSchool required"], Fj.Faults(("education/school", "其他院校"), ("education/major", "其他专业")));

    [Fact]
    public void One_of_the_chosen_educations_is_graduated_from()
    {
        Assert.Equal(["education/entries not-graduated"], Fj.Faults(("education/entries", $"{Coming}")));
        Assert.Empty(Fj.Faults(("education/entries", $"{Coming},{Entry}")));
    }

    [Theory]
    [InlineData(3, "entry-gone")]
    [InlineData(4, "too-many-chosen")]
    public void At_most_three_educations_are_chosen(int count, string fault) =>
        Assert.Equal([$"education/entries {fault}"], Fj.Faults(("education/entries", string.Join(',', Enumerable.Range(0, count).Select(_ => Guid.NewGuid())))));

    [Fact]
    public void Who_is_licensed_gives_number_and_month_and_the_others_do_not()
    {
        Assert.Equal(["licence/issuedOn", "licence/number"], Licensed.Required("licence/number", "licence/issuedOn"));
        Assert.Empty(Fj.Required("licence/number", "licence/issuedOn"));
    }

    [Theory]
    [InlineData("licence/examScore", "601", "not-in-range")]
    [InlineData("licence/englishScore", "711", "not-in-range")]
    [InlineData("licence/issuedOn", "2026-12", "in-future")]
    [InlineData("licence/licensed", "perhaps", "not-a-choice")]
    public void What_is_of_the_wrong_kind_is_told_at_its_field(string field, string value, string code) => Assert.Equal([$"{field} {code}"], Licensed.Faults((field, value)));

    [Fact]
    public void Scores_may_be_given()
    {
        Assert.Empty(Licensed.Faults(("licence/examScore", "600"), ("licence/englishScore", "710")));
        Assert.Empty(Licensed.Faults(("licence/examScore", "0"), ("licence/englishScore", "0")));
    }

    [Fact]
    public void Both_sides_of_the_identity_card_and_the_diploma_are_uploaded_and_the_licence_by_who_has_one()
    {
        Assert.Equal(["id-front", "id-back", "diploma"], Fj.Filling().DocumentsAsked.Select(d => d.Code));
        Assert.Equal(["id-front", "id-back", "diploma", "licence"], Licensed.Filling().DocumentsAsked.Select(d => d.Code));
    }

    [Fact]
    public void Every_picture_has_150_to_300_kilobytes_and_is_of_the_original()
    {
        Assert.Equal((150 * 1024, 300 * 1024), (Fj.Programme.Photo.MinBytes, Fj.Programme.Photo.MaxBytes));
        Assert.All(Fj.Programme.Documents, d => Assert.Equal((150 * 1024, 300 * 1024), (d.MinBytes, d.MaxBytes)));
        Assert.All(Fj.Programme.Documents, d => Assert.Contains("原件", d.Hint, StringComparison.Ordinal));
        Assert.All(Fj.Programme.Documents.Select(d => d.ContentTypes).Append(Fj.Programme.Photo.ContentTypes), types => Assert.Equal(["image/jpeg", "image/png"], types));
    }

    [Fact]
    public void The_photo_has_a_white_ground() => Assert.Equal(PhotoGround.White, Fj.Programme.Photo.Ground);

    [Fact]
    public void Without_a_wanted_place_nothing_is_sent_in() => Assert.Equal(["#/preferences required"], (Fj with { Wanted = [] }).Filling().AllFaults().Select(f => $"{f.Pointer} {f.Code}"));

    [Fact]
    public void It_is_handled_where_the_place_is_that_is_held_and_not_where_the_first_wanted_one_was()
    {
        var application = Fj.Draft();
        Exam.Must(application.Submit(Fj.Programme, Profile, Exam.Now, new("first", "xm-tcm", "中医全科")));

        Assert.Equal("350000/350200/xm-tcm/", application.AreaPath);
    }

    [Fact]
    public void Officers_see_the_wanted_places_in_their_order_and_the_one_that_is_held()
    {
        var application = Fj.AtStage("base-review");
        var places = Features.ViewSubmission.Sections(application.Submissions[0], Fj.Programme).First();

        Assert.Equal(("preferences", "第1志愿", "占用名额"), (places.Code, places.Fields[0].Title, places.Fields[^1].Title));
        Assert.Equal(application.Preferences.Count + 1, places.Fields.Count);
        Assert.EndsWith(application.Place!.Speciality, places.Fields[^1].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Up_to_three_places_are_wanted() => Assert.Equal(3, Fj.Programme.Preferences!.Most);

    [Fact]
    public void Every_base_has_places_for_both_specialities_in_both_batches()
    {
        var session = Fj.Session;

        Assert.Equal(session.Bases!.Count * 4, session.Plans!.Count(p => p.Quota > 0));
        Assert.Equal(["中医", "中医全科"], session.Plans!.Select(p => p.Speciality).Distinct());
        Assert.All(session.Bases!, b => Assert.True(AreaTree.IsSiteOf(b.Site, "350000")));
        Assert.Equal(["350000"], session.Areas.Select(a => a.Area));
    }

    [Fact]
    public void One_batch_follows_the_other_until_registration_ends()
    {
        var second = Fj.Session.Batches![1].From;

        Assert.Equal(("first", "second"), (Fj.Session.OpenBatch(second.AddSeconds(-1))?.Code, Fj.Session.OpenBatch(second)?.Code));
        Assert.Equal(EndOfRegistration, Fj.Session.Batches[1].Until);
    }

    [Fact]
    public void The_base_decides_and_its_yes_completes_the_registration_without_a_fee()
    {
        var application = Fj.AtStage("base-review");
        Assert.Equal((DeciderLevel.Point, "350000/350100/fz-people/"), (Fj.Programme.Stage("base-review").Decider, application.AreaPath));
        Fj.Pass(application);

        Assert.Equal((Standing.Registered, null), (application.Standing, application.FeeId));
    }

    [Fact]
    public void Sent_back_by_the_base_it_is_mended_keeps_its_place_and_is_reviewed_again()
    {
        var application = Fj.AtStage("base-review");
        Fj.Fail(application, "diploma-unclear");
        Assert.Equal((Standing.ReturnedForCorrection, EndOfRegistration, "fz-people"), (application.Standing, application.DeadlineAt, application.Place?.Base));
        Exam.Must(Fj.Submit(application));

        Assert.Equal(("base-review", 2), (application.Stage, application.Submitted));
    }

    [Fact]
    public void Who_does_not_fit_the_speciality_wants_another_place()
    {
        var application = Fj.AtStage("base-review");
        Fj.Fail(application, "speciality-unfit");

        Assert.Null(application.Prefer([new("qz-tcm", "中医")], Fj.Programme, Profile, Exam.Now));
    }

    [Fact]
    public void Until_registration_ends_it_is_taken_back_changed_and_sent_in_again()
    {
        var application = Fj.AtStage("base-review");
        Exam.Must(application.Withdraw(Fj.Programme, EndOfRegistration.AddSeconds(-1)));
        Assert.Null(application.Place);

        Assert.Null(application.MaySubmit(Fj.Programme, EndOfRegistration.AddSeconds(-1)));
    }

    [Fact]
    public void After_registration_nobody_loses_the_place_by_taking_it_back_or_giving_it_up()
    {
        var application = Fj.AtStage("base-review");

        Assert.Equal("outside-window", application.Withdraw(Fj.Programme, EndOfRegistration)?.Code);
        Assert.Equal("outside-window", application.GiveUp(Fj.Programme, EndOfRegistration)?.Code);
    }

    [Fact]
    public void What_the_base_has_passed_is_neither_taken_back_nor_given_up()
    {
        var application = Fj.AtStage("base-review");
        Fj.Pass(application);

        Assert.Equal("wrong-standing", application.Withdraw(Fj.Programme, Exam.Now)?.Code);
        Assert.Equal("wrong-standing", application.GiveUp(Fj.Programme, Exam.Now)?.Code);
    }

    [Fact]
    public void Each_reason_names_what_is_to_be_mended() => Assert.Equal(
        ["photo-unfit photo", "id-front-unclear id-front", "id-back-unclear id-back", "diploma-unclear diploma", "licence-unclear licence", "education-wrong education/entries", "licence-wrong licence/number", "speciality-unfit preferences", "other "],
        Fj.Programme.Stage("base-review").Reasons.Select(r => $"{r.Code} {r.Item}"));
}
