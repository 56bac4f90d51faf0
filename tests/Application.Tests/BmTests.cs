namespace ExamPlatform.Applications.Tests;

/// <summary>盲人医疗按摩人员考试, rule by rule of seed 000: what is filled in, uploaded and sent by post.</summary>
public sealed class BmTests
{
    private static readonly string[] OfDegree = ["education/graduatedOn", "education/major", "education/province", "education/school"];
    private static readonly string[] OfBoth = ["education/level", "report/certificate", "report/type", "work/employer", "work/employerKind", "work/years"];

    internal static readonly Exam WithDegree = new(Exam.Read("BM"), new Dictionary<string, string>
    {
        ["report/type"] = "with-degree",
        ["report/certificate"] = "11010519491231002X11",
        ["education/level"] = "secondary",
        ["education/province"] = "350000",
        ["education/school"] = "福建省盲人学校",
        ["education/graduatedOn"] = "2018-07",
        ["education/major"] = "针灸推拿",
        ["work/years"] = "6",
        ["work/employer"] = "示例医院",
        ["work/employerKind"] = "medical-institution",
        ["needs/paper"] = "braille",
    }, ProfileGroups.Empty, Person.Fujian);

    internal static readonly Exam WithoutDegree = WithDegree.But([("report/type", "without-degree"), ("education/level", "junior-middle"), .. OfDegree.Select(f => (f, (string?)null))]);

    [Fact]
    public void Both_types_can_be_filled_in_without_a_fault()
    {
        Assert.Empty(WithDegree.Filling().AllFaults());
        Assert.Empty(WithoutDegree.Filling().AllFaults());
    }

    [Fact]
    public void With_a_degree_province_school_month_and_major_are_required() => Assert.Equal(OfDegree, WithDegree.Required(OfDegree));

    [Fact]
    public void Without_a_degree_they_are_not() => Assert.Empty(WithoutDegree.Required(OfDegree));

    [Fact]
    public void Both_types_give_level_years_and_employer_with_its_qualification()
    {
        Assert.Equal(OfBoth, WithDegree.Required(OfBoth));
        Assert.Equal(OfBoth.Except(["report/type"]), WithoutDegree.Required([.. OfBoth.Except(["report/type"])]));
    }

    [Theory]
    [InlineData("primary")]
    [InlineData("junior-middle")]
    [InlineData("senior-middle")]
    public void Less_than_a_secondary_diploma_is_no_degree(string level)
    {
        Assert.Equal(["education/level not-offered"], WithDegree.Faults(("education/level", level)));
        Assert.Empty(WithoutDegree.Faults(("education/level", level)));
    }

    [Fact]
    public void What_there_is_to_choose_from()
    {
        Assert.Equal(["primary", "junior-middle", "senior-middle", "secondary", "junior-college", "bachelor", "postgraduate"], Choices("education/level"));
        Assert.Equal(["medical-institution", "massage-clinic", "other"], Choices("work/employerKind"));
        Assert.Equal(["yes", "no"], Choices("needs/reader"));
        Assert.Equal(["yes", "no"], Choices("needs/extraTime"));
        Assert.Empty(WithDegree.Faults(("work/years", "0")).Concat(WithDegree.Faults(("work/years", "60"))));
    }

    [Fact]
    public void An_employer_without_a_licence_is_offered_only_to_who_has_a_degree()
    {
        Assert.Empty(WithDegree.Faults(("work/employerKind", "other")));
        Assert.Equal(["work/employerKind not-offered"], WithoutDegree.Faults(("work/employerKind", "other")));
    }

    [Fact]
    public void Only_people_of_the_category_sight_are_admitted() =>
        Assert.Equal(["report/certificate category-not-admitted"], WithDegree.Faults(("report/certificate", "11010519491231002X21")));

    [Theory]
    [InlineData("education/graduatedOn", "2018.07", "not-a-month")]
    [InlineData("education/graduatedOn", "2026-12", "in-future")]
    [InlineData("education/province", "999999", "not-a-choice")]
    [InlineData("work/years", "61", "not-in-range")]
    [InlineData("report/certificate", "11010519491231002X", "not-a-certificate")]
    public void What_is_of_the_wrong_kind_is_told_at_its_field(string field, string value, string code) => Assert.Equal([$"{field} {code}"], WithDegree.Faults((field, value)));

    [Fact]
    public void A_paper_in_a_form_the_candidate_can_read_is_asked_for_and_other_help_may_be()
    {
        Assert.Equal(["braille", "double-spelling-braille", "large-print", "print"], Choices("needs/paper"));
        Assert.Equal(["needs/paper"], WithDegree.Required("needs/paper", "needs/reader", "needs/extraTime"));
        Assert.Empty(WithDegree.Faults(("needs/reader", "yes"), ("needs/extraTime", "yes")));
    }

    [Fact]
    public void A_school_may_lie_in_each_of_the_31_provinces() => Assert.Equal(WithDegree.Session.Areas.Select(a => a.Area), Choices("education/province"));

    [Fact]
    public void The_employer_is_taken_over_from_the_profile() =>
        Assert.Equal("示例医院", Application.Start(Guid.NewGuid(), "residentId", WithDegree.Programme, WithDegree.Session, Hp.Profile, Exam.Now).Answers["work/employer"]);

    [Fact]
    public void With_a_degree_the_proof_of_it_and_the_commitment_are_uploaded() => Assert.Equal(["education-proof", "commitment"], WithDegree.Filling().DocumentsAsked.Select(d => d.Code));

    [Fact]
    public void Without_a_degree_proof_of_practice_licence_and_commitment_are_uploaded() =>
        Assert.Equal(["practice-proof", "licence-copy", "commitment"], WithoutDegree.Filling().DocumentsAsked.Select(d => d.Code));

    [Fact]
    public void Originals_are_scanned_and_only_the_licence_is_a_copy_with_both_seals()
    {
        Assert.All(WithDegree.Programme.Documents.Where(d => d.Code != "licence-copy"), d => Assert.Equal("原件扫描件", d.Hint));
        Assert.Contains("加盖医疗机构公章和卫生部门公章", WithDegree.Programme.Documents.Single(d => d.Code == "licence-copy").Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void The_photo_has_a_blue_ground() => Assert.Equal(PhotoGround.Blue, WithDegree.Programme.Photo.Ground);

    [Fact]
    public void With_a_degree_these_papers_go_by_post() =>
        Assert.Equal(["form 1", "photos 2", "id-copy 1", "certificate-copy 1", "diploma-copy 1", "commitment 1"], WithDegree.Filling().PapersAsked.Select(p => $"{p.Code} {p.Copies}"));

    [Fact]
    public void Without_a_degree_these_papers_go_by_post() =>
        Assert.Equal(["form 1", "photos 2", "id-copy 1", "certificate-copy 1", "licence-copy 1", "years-proof 1", "commitment 1"], WithoutDegree.Filling().PapersAsked.Select(p => $"{p.Code} {p.Copies}"));

    [Fact]
    public void All_papers_have_the_same_time_to_arrive() => Assert.All(WithDegree.Programme.Papers!, p => Assert.Equal(WindowKind.Papers, p.Window));

    [Fact]
    public void One_registers_with_the_resident_identity_card_alone() => Assert.Equal(["residentId"], WithDegree.Programme.Candidates.DocumentTypes);

    [Fact]
    public void The_city_enters_who_comes_to_its_counter_and_waits_three_days_for_the_reply() =>
        Assert.Equal((DeciderLevel.Site, 72), (WithDegree.Programme.Counter!.By, WithDegree.Programme.Counter.ReplyWithinHours));

    private static IEnumerable<string> Choices(string field) => ((ChoiceField)WithDegree.Programme.Field(field)!).Choices.Select(c => c.Code);
}
