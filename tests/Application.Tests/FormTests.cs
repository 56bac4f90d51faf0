namespace ExamPlatform.Applications.Tests;

/// <summary>HP's form, rule by rule of seed 001.</summary>
public sealed class FormTests
{
    private static readonly Dictionary<string, string> Complete = new()
    {
        ["report/category"] = "medicine",
        ["report/level"] = "intermediate",
        ["report/speciality"] = "303",
        ["report/practice"] = "clinical",
        ["report/firstRegistered"] = "2016-09",
        ["report/residency"] = "yes",
        ["report/residencyIssued"] = "2018-07",
        ["education/entry"] = Hp.Profile.Education!.Entries[0].Id.ToString()!,
        ["work/employer"] = "示例医院",
        ["work/since"] = "2015-07",
        ["work/years"] = "11",
    };

    [Fact]
    public void A_complete_form_has_no_fault() => Assert.Empty(Faults(Complete));

    [Fact]
    public void An_empty_form_is_told_everything_that_is_missing() => Assert.Equal(
        ["education/entry", "report/category", "report/level", "report/practice", "report/residency", "report/speciality", "work/employer", "work/since", "work/years"],
        Faults([]).Select(f => f.Split(' ')[0]));

    [Fact]
    public void With_a_practice_category_the_month_of_first_registration_is_required() =>
        Assert.Equal(["report/firstRegistered required"], Faults(Complete, ("report/firstRegistered", null)));

    [Fact]
    public void Without_a_practice_category_it_is_not() =>
        Assert.Empty(Faults(Complete, ("report/category", "nursing"), ("report/speciality", "368"), ("report/practice", "none"), ("report/firstRegistered", null)));

    [Fact]
    public void Who_has_the_residency_certificate_gives_its_month() => Assert.Equal(["report/residencyIssued required"], Faults(Complete, ("report/residencyIssued", null)));

    [Fact]
    public void Who_has_none_need_not() => Assert.Empty(Faults(Complete, ("report/residency", "no"), ("report/residencyIssued", null)));

    [Theory]
    [InlineData("其它")]
    [InlineData("其他")]
    public void With_another_employer_the_kind_of_employer_is_required(string employer) =>
        Assert.Equal(["work/employerKind required"], Faults(Complete, ("work/employer", employer)));

    [Theory]
    [InlineData("report/speciality", "368", "not-offered")]
    [InlineData("report/level", "junior", "not-offered")]
    [InlineData("report/practice", "nurse", "not-offered")]
    [InlineData("report/firstRegistered", "2016/09", "not-a-month")]
    [InlineData("report/firstRegistered", "2016-13", "not-a-month")]
    [InlineData("report/firstRegistered", "2026-12", "in-future")]
    [InlineData("work/years", "61", "not-in-range")]
    [InlineData("work/years", "-1", "not-in-range")]
    [InlineData("education/entry", "d8a1c1f8-0000-4000-8000-000000000000", "entry-gone")]
    public void What_does_not_go_together_is_told_at_its_field(string field, string value, string code) => Assert.Contains($"{field} {code}", Faults(Complete, (field, value)));

    [Fact]
    public void Documents_are_asked_for_only_where_one_confirms_on_line()
    {
        Assert.Equal(["diploma", "employment-proof", "practice-licence"], Filling(Complete, "110000").DocumentsAsked.Select(d => d.Code));
        Assert.Empty(Filling(Complete, "350000").DocumentsAsked);
    }

    [Fact]
    public void The_profile_groups_the_exam_needs_are_named_with_where_to_fill_them() =>
        Assert.Equal(["#/profile/contact", "#/profile/education"], ProfileGroups.Empty.Missing(Hp.Programme).Select(f => f.Pointer));

    [Fact]
    public void A_change_of_area_clears_the_application_and_prefills_it_again()
    {
        var application = Hp.Draft();
        Hp.Must(application.SaveStep(Hp.Programme.Section("report")!, new Dictionary<string, string> { ["category"] = "medicine" }, Hp.Programme, Hp.Profile, Hp.Now));
        Hp.Must(application.Attach(Guid.NewGuid(), new Dictionary<string, Guid> { ["diploma"] = Guid.NewGuid() }, Hp.Programme, Hp.Profile, Hp.Now));
        Hp.Must(application.ChooseArea("350000", "350100", Hp.Programme, Hp.Profile, Hp.Now));

        Assert.Equal(["work/employer", "work/since"], application.Answers.Keys.Order());
        Assert.Null(application.PhotoId);
        Assert.Empty(application.Documents);
    }

    [Fact]
    public void Another_site_of_the_same_area_clears_nothing()
    {
        var application = Hp.Draft(Person.Fujian);
        Hp.Must(application.SaveStep(Hp.Programme.Section("report")!, new Dictionary<string, string> { ["category"] = "medicine" }, Hp.Programme, Hp.Profile, Hp.Now));
        Hp.Must(application.ChooseArea("350000", "350200", Hp.Programme, Hp.Profile, Hp.Now));

        Assert.Contains("report/category", application.Answers.Keys);
    }

    [Theory]
    [InlineData(Standing.Submitted)]
    [InlineData(Standing.ReturnedForCorrection)]
    [InlineData(Standing.Registered)]
    public void The_area_is_fixed_once_something_is_submitted(Standing standing) =>
        Assert.Equal("area-fixed", Hp.At(standing).ChooseArea("350000", "350100", Hp.Programme, Hp.Profile, Hp.Now)?.Code);

    [Theory]
    [InlineData(Standing.Submitted)]
    [InlineData(Standing.AwaitingPayment)]
    [InlineData(Standing.Registered)]
    [InlineData(Standing.Rejected)]
    [InlineData(Standing.Abandoned)]
    [InlineData(Standing.AwaitingRelease)]
    [InlineData(Standing.Appealed)]
    public void What_is_not_open_for_editing_cannot_be_edited(Standing standing)
    {
        var application = Hp.At(standing);

        Assert.Equal("not-open-for-editing", application.SaveStep(Hp.Programme.Section("work")!, new Dictionary<string, string>(), Hp.Programme, Hp.Profile, Hp.Now)?.Code);
        Assert.Equal("not-open-for-editing", application.Attach(null, new Dictionary<string, Guid>(), Hp.Programme, Hp.Profile, Hp.Now)?.Code);
    }

    private static Filling Filling(Dictionary<string, string> answers, string area) =>
        new(Hp.Programme, answers, area, Hp.Programme.PolicyOf(Hp.Programme.Sessions[0], area), Hp.Profile, null, new Dictionary<string, Guid>(), [], "residentId", new(2026, 11, 22));

    private static IEnumerable<string> Faults(Dictionary<string, string> answers, params (string Field, string? Value)[] but)
    {
        var changed = new Dictionary<string, string>(answers);
        foreach (var (field, value) in but)
            if (value is null) changed.Remove(field);
            else changed[field] = value;
        var filling = Filling(changed, "110000");
        return Hp.Programme.Form.SelectMany(filling.Faults).Select(f => $"{f.Pointer[2..]} {f.Code}").Order(StringComparer.Ordinal);
    }
}
