namespace ExamPlatform.Applications.Tests;

/// <summary>护士执业资格考试: the form of the exam, on the platform that seed 002 describes and with the way of seed 001.</summary>
public sealed class NuTests
{
    private static readonly Guid Entry = Guid.NewGuid();

    private static readonly Exam Nu = new(Exam.Read("NU"), new Dictionary<string, string>
    {
        ["report/graduation"] = "earlier",
        ["report/major"] = "nursing",
        ["report/studyForm"] = "full-time",
        ["report/studyYears"] = "3",
        ["education/entry"] = Entry.ToString(),
        ["practice/hospital"] = "示例医院",
        ["practice/hospitalKind"] = "teaching",
        ["practice/from"] = "2023-07",
        ["practice/until"] = "2024-04",
        ["practice/months"] = "8",
    }, WithEntry("2024-06", "1"), ["110000", "110100"]);

    private static readonly Exam ThisYear = Nu.But(("report/graduation", "this-year")) with { Profile = WithEntry("2027-06", null) };

    [Fact]
    public void Graduates_of_this_year_and_earlier_ones_can_fill_in_the_form_without_a_fault()
    {
        Assert.Empty(Nu.Filling().AllFaults());
        Assert.Empty(ThisYear.Filling().AllFaults());
    }

    [Fact]
    public void Everything_is_required() => Assert.Equal(Nu.Complete.Keys.Order(StringComparer.Ordinal), Nu.Required([.. Nu.Complete.Keys]));

    [Theory]
    [InlineData("report/major", "pharmacy", "not-a-choice")]
    [InlineData("report/studyForm", "evening", "not-a-choice")]
    [InlineData("report/studyYears", "2", "not-in-range")]
    [InlineData("report/studyYears", "9", "not-in-range")]
    [InlineData("practice/months", "7", "not-in-range")]
    [InlineData("practice/months", "61", "not-in-range")]
    [InlineData("practice/hospitalKind", "clinic", "not-a-choice")]
    [InlineData("practice/from", "2026-12", "in-future")]
    [InlineData("practice/until", "2024-4", "not-a-month")]
    public void Nursing_or_midwifery_full_time_for_three_years_with_eight_months_of_practice_is_asked_for(string field, string value, string code) =>
        Assert.Equal([$"{field} {code}"], Nu.Faults((field, value)));

    [Theory]
    [InlineData("report/major", "midwifery")]
    [InlineData("practice/hospitalKind", "general")]
    [InlineData("practice/until", "2027-04")]
    [InlineData("practice/months", "60")]
    [InlineData("report/studyYears", "8")]
    public void What_else_is_admitted(string field, string value) => Assert.Empty(Nu.Faults((field, value)));

    [Fact]
    public void Who_graduated_earlier_has_a_diploma_with_its_number()
    {
        Assert.Equal(["education/entry not-graduated"], (Nu with { Profile = WithEntry("2027-06", "1") }).Faults());
        Assert.Equal(["education/entry entry-incomplete"], (Nu with { Profile = WithEntry("2024-06", null) }).Faults());
    }

    [Fact]
    public void On_line_earlier_graduates_upload_the_diploma_and_others_the_schools_proof()
    {
        Assert.Equal(["diploma", "practice-proof"], Nu.Filling().DocumentsAsked.Select(d => d.Code));
        Assert.Equal(["graduation-proof", "practice-proof"], ThisYear.Filling().DocumentsAsked.Select(d => d.Code));
    }

    [Fact]
    public void Where_one_confirms_on_site_nothing_is_uploaded()
    {
        Assert.Empty((Nu with { At = Person.Fujian }).Filling().DocumentsAsked);
        Assert.Empty((ThisYear with { At = Person.Fujian }).Filling().DocumentsAsked);
    }

    [Fact]
    public void Contact_and_education_of_the_profile_come_first() => Assert.Equal(["#/profile/contact", "#/profile/education"], ProfileGroups.Empty.Missing(Nu.Programme).Select(f => f.Pointer));

    [Fact]
    public void More_than_five_educations_are_too_many()
    {
        var entries = Enumerable.Range(0, 6).Select(_ => Nu.Profile.Education!.Entries[0] with { Id = Guid.NewGuid() }).ToList();

        Assert.Empty((Nu.Profile with { Education = new(entries[..5]) }).Missing(Nu.Programme));
        Assert.Equal(["#/profile/education too-many-entries"], (Nu.Profile with { Education = new(entries) }).Missing(Nu.Programme).Select(f => $"{f.Pointer} {f.Code}"));
    }

    [Fact]
    public void Site_and_area_review_after_the_confirmation() =>
        Assert.Equal(["confirmation Confirmation Site", "site-review Review Site", "area-review Review Area"], Nu.Programme.Stages.Select(s => $"{s.Code} {s.Kind} {s.Decider}"));

    [Fact]
    public void Where_payment_is_on_line_both_subjects_fall_due_after_the_last_review()
    {
        var application = Nu.AtStage("area-review");
        Nu.Pass(application);

        Assert.Equal((Standing.AwaitingPayment, 2 * 6100), (application.Standing, application.FeeInFen));
        Assert.Equal(["专业实务", "实践能力"], Nu.Programme.Subjects);
    }

    [Fact]
    public void Elsewhere_the_last_review_completes_the_registration()
    {
        var application = (Nu with { At = Person.Fujian }).AtStage("area-review");
        Nu.Pass(application);

        Assert.Equal(Standing.Registered, application.Standing);
    }

    [Theory]
    [InlineData("confirmation", "confirmation")]
    [InlineData("site-review", "site-review")]
    [InlineData("area-review", "site-review")]
    public void What_fails_is_corrected_and_goes_on_where_somebody_has_to_look_again(string failed, string again)
    {
        var application = Nu.AtStage(failed);
        Nu.Fail(application, "other");
        Assert.Equal(new DateTimeOffset(2027, 1, 28, 9, 0, 0, TimeSpan.Zero), application.DeadlineAt);
        Exam.Must(Nu.Submit(application));

        Assert.Equal(again, application.Stage);
    }

    [Fact]
    public void Until_it_is_confirmed_it_can_be_taken_back()
    {
        Exam.Must(Nu.AtStage("confirmation").Withdraw(Nu.Programme, Exam.Now));
        Assert.Equal("too-late-to-withdraw", Nu.AtStage("site-review").Withdraw(Nu.Programme, Exam.Now)?.Code);
    }

    [Fact]
    public void Who_does_not_come_to_confirm_on_site_has_given_up()
    {
        var application = (Nu with { At = Person.Fujian }).AtStage("confirmation");
        Exam.Must(application.MissDeadline(Nu.Programme, Exam.AfterAll));

        Assert.Equal(AbandonCause.ConfirmationMissed, application.AbandonedFor);
    }

    [Theory]
    [InlineData("confirmation", "photo-unfit photo", "diploma-unreadable diploma", "graduation-proof-unfit graduation-proof", "practice-proof-unsealed practice-proof", "form-differs report/major", "other ")]
    [InlineData("site-review", "practice-short practice/months", "hospital-unfit practice/hospital", "education-unfit education/entry", "graduation-wrong report/graduation", "photo-unfit photo", "other ")]
    [InlineData("area-review", "major-unfit report/major", "practice-short practice/months", "other ")]
    public void Each_reason_names_what_is_to_be_mended(string stage, params string[] reasons) => Assert.Equal(reasons, Nu.Programme.Stage(stage).Reasons.Select(r => $"{r.Code} {r.Item}"));

    private static ProfileGroups WithEntry(string graduatedOn, string? number) => ProfileGroups.Empty with
    {
        Contact = new("北京市东城区示例路1号", "100010"),
        Education = new([new("北京护士学校", "护理", EducationLevel.Secondary, graduatedOn, number, Id: Entry)]),
    };
}
