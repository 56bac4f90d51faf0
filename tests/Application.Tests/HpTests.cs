namespace ExamPlatform.Applications.Tests;

/// <summary>卫生专业技术资格考试: the national list, the areas and the way of seed 001; its form is in <see cref="FormTests"/>.</summary>
public sealed class HpTests
{
    private static readonly ExamProgramme Programme = Hp.Programme;
    private static readonly ChoiceField Specialities = (ChoiceField)Programme.Field("report/speciality")!;

    [Theory]
    [InlineData("pharmacy", "junior-assistant", 101, 102)]
    [InlineData("technique", "junior-assistant", 103, 111)]
    [InlineData("pharmacy", "junior", 201, 202)]
    [InlineData("nursing", "junior", 203, 204)]
    [InlineData("technique", "junior", 205, 213)]
    [InlineData("medicine", "intermediate", 301, 365, 392)]
    [InlineData("pharmacy", "intermediate", 366, 367)]
    [InlineData("nursing", "intermediate", 368, 374)]
    [InlineData("technique", "intermediate", 375, 391)]
    [InlineData("nursing", "junior-assistant", 1, 0)]
    [InlineData("medicine", "junior", 1, 0)]
    public void Category_and_level_open_their_part_of_the_national_list(string category, string level, int from, int until, params int[] more) =>
        Assert.Equal(Enumerable.Range(from, Math.Max(0, until - from + 1)).Concat(more).Select(code => $"{code}"), Offered(category, level));

    [Theory]
    [InlineData("medicine", "intermediate")]
    [InlineData("pharmacy", "junior-assistant", "junior", "intermediate")]
    [InlineData("nursing", "junior", "intermediate")]
    [InlineData("technique", "junior-assistant", "junior", "intermediate")]
    public void A_category_has_its_levels(string category, params string[] levels) => Assert.Equal(levels, ((ChoiceField)Programme.Field("report/level")!).Choices.Where(c => c.OfferedWhen.AllHold(Filling(category, ""))).Select(c => c.Code));

    [Theory]
    [InlineData("medicine", "clinical", "dental", "public-health", "tcm")]
    [InlineData("pharmacy", "none")]
    [InlineData("nursing", "none", "nurse")]
    [InlineData("technique", "none")]
    public void A_category_has_its_kinds_of_practice(string category, params string[] kinds) => Assert.Equal(kinds, ((ChoiceField)Programme.Field("report/practice")!).Choices.Where(c => c.OfferedWhen.AllHold(Filling(category, ""))).Select(c => c.Code));

    [Fact]
    public void More_than_five_educations_are_too_many()
    {
        var entries = Enumerable.Range(0, 6).Select(_ => Hp.Profile.Education!.Entries[0] with { Id = Guid.NewGuid() }).ToList();

        Assert.Empty((Hp.Profile with { Education = new(entries[..5]) }).Missing(Programme));
        Assert.Equal(["#/profile/education too-many-entries"], (Hp.Profile with { Education = new(entries) }).Missing(Programme).Select(f => $"{f.Pointer} {f.Code}"));
    }

    [Theory]
    [InlineData("report/residencyIssued", "2026-12", "in-future")]
    [InlineData("work/since", "2026-12", "in-future")]
    [InlineData("work/years", "0", null)]
    [InlineData("work/years", "60", null)]
    [InlineData("work/employerKind", "hospital", null)]
    [InlineData("work/employerKind", "primary", null)]
    [InlineData("work/employerKind", "public-health", null)]
    [InlineData("work/employerKind", "other", null)]
    public void A_value_is_taken_or_refused_by_itself(string field, string value, string? fault) => Assert.Equal(fault, Programme.Field(field)!.Check(value, Application.Today(Hp.Now))?.Code);

    [Fact]
    public void Employer_month_and_post_are_taken_over_from_the_profile() => Assert.Equal(["work/employer", "work/post", "work/since"],
        Application.Start(Guid.NewGuid(), "residentId", Programme, Programme.Sessions[0], ProfileGroups.Empty with { Work = new("示例医院", null, "2015-07", "主治医师") }, Hp.Now).Answers.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Some_areas_take_the_fee_only_on_a_computer()
    {
        var taking = Programme.Sessions[0].Areas.Select(a => (a.Area, Programme.PolicyOf(Programme.Sessions[0], a.Area)!.Payment)).Where(a => a.Payment is not null).ToLookup(a => a.Payment!.Mobile, a => a.Area);

        Assert.Equal(["420000"], taking[false]);
        Assert.Equal(["110000", "310000", "330000", "370000", "440000"], taking[true]);
    }

    [Theory]
    [InlineData("420000", "420100")]
    [InlineData("110000", "110100")]
    public void The_fee_of_four_subjects_falls_due_there_as_elsewhere(string area, string site)
    {
        var application = Hp.AtStage("area-review", [area, site]);
        Hp.Must(application.Pass(Hp.On(application, "area-review"), Programme, Hp.Now));

        Assert.Equal((Standing.AwaitingPayment, 24_400), (application.Standing, application.FeeInFen));
    }

    [Fact]
    public void Every_area_confirms_on_line_or_on_site()
    {
        var onLine = Programme.Sessions[0].Areas.Where(a => Programme.PolicyOf(Programme.Sessions[0], a.Area)!.Confirmation is ConfirmationMode.OnLine).Select(a => a.Area);

        Assert.Equal(["110000", "310000", "320000", "330000", "440000", "510000"], onLine);
        Assert.Equal(31, Programme.Sessions[0].Areas.Count);
    }

    [Theory]
    [InlineData("confirmation", "photo-unfit photo", "diploma-unreadable diploma", "employment-proof-unsealed employment-proof", "licence-missing practice-licence", "form-differs report/speciality", "other ")]
    [InlineData("site-review", "years-short work/years", "education-unfit education/entry", "registration-month-wrong report/firstRegistered", "photo-unfit photo", "other ")]
    [InlineData("area-review", "speciality-unfit report/speciality", "years-short work/years", "residency-month-wrong report/residencyIssued", "other ")]
    public void Each_reason_names_what_is_to_be_mended(string stage, params string[] reasons) => Assert.Equal(reasons, Programme.Stage(stage).Reasons.Select(r => $"{r.Code} {r.Item}"));

    private static IEnumerable<string> Offered(string category, string level) => Specialities.Choices.Where(c => c.OfferedWhen.AllHold(Filling(category, level))).Select(c => c.Code);

    private static Filling Filling(string category, string level) => new(Programme, new Dictionary<string, string> { ["report/category"] = category, ["report/level"] = level }, null, null, Hp.Profile, null, new Dictionary<string, Guid>(), [], "residentId", new(2026, 11, 24));
}
