namespace ExamPlatform.Applications.Tests;

/// <summary>医师资格考试: the form, rule by rule of seed 003.</summary>
public sealed class MlTests
{
    internal static readonly EducationEntry Bachelor = new("北京大学", "临床医学", EducationLevel.Bachelor, "2015-07", "1", Id: Guid.NewGuid());
    internal static readonly EducationEntry Master = new("北京大学", "内科学", EducationLevel.Master, "2018-07", "2", Id: Guid.NewGuid());
    internal static readonly EducationEntry Secondary = new("北京卫生学校", "医士", EducationLevel.Secondary, "2005-07", "3", Id: Guid.NewGuid());

    internal static readonly Exam Ml = new(Exam.Read("ML"), new Dictionary<string, string>
    {
        ["report/level"] = "practising",
        ["report/class"] = "clinical",
        ["report/exam"] = "110",
        ["basic/identity"] = "other",
        ["work/duty"] = "on-duty",
        ["experience/education"] = $"{Bachelor.Id}",
        ["attempts/count"] = "1",
    }, With(Bachelor), Person.Beijing);

    private static readonly Exam OfThisYear = Ml.But(("work/duty", "graduate-of-this-year"), ("experience/education", $"{Master.Id}")) with { Profile = With(Bachelor, Master with { CertificateNumber = "" }) };

    [Fact]
    public void The_form_can_be_filled_in_without_a_fault()
    {
        Assert.Empty(Ml.Filling().AllFaults());
        Assert.Empty(OfThisYear.Filling().AllFaults());
    }

    [Fact]
    public void Exam_identity_duty_education_and_attempts_are_required() => Assert.Equal(Ml.Complete.Keys.Order(StringComparer.Ordinal), Ml.Required([.. Ml.Complete.Keys]));

    [Fact]
    public void Basic_and_contact_of_the_profile_come_first() => Assert.Equal(["#/profile/basic", "#/profile/contact"], ProfileGroups.Empty.Missing(Ml.Programme).Select(f => f.Pointer));

    [Theory]
    [InlineData("practising", "clinical", "110")]
    [InlineData("practising", "dental", "120")]
    [InlineData("practising", "public-health", "130")]
    [InlineData("practising", "tcm", "141", "341")]
    [InlineData("practising", "integrated", "142")]
    [InlineData("practising", "ethnic", "143", "144", "145", "343", "344", "345")]
    [InlineData("assistant", "clinical", "210")]
    [InlineData("assistant", "dental", "220")]
    [InlineData("assistant", "public-health", "230")]
    [InlineData("assistant", "tcm", "241", "441")]
    [InlineData("assistant", "integrated", "242")]
    [InlineData("assistant", "ethnic", "243", "244", "245", "443", "444", "445")]
    [InlineData("rural", "rural", "rural")]
    [InlineData("rural", "clinical")]
    [InlineData("practising", "rural")]
    public void Level_and_class_filter_the_exams(string level, string kind, params string[] exams)
    {
        var all = ((ChoiceField)Ml.Programme.Field("report/exam")!).Choices.Select(c => c.Code);

        Assert.Equal(exams, all.Where(exam => !Ml.Faults(("report/level", level), ("report/class", kind), ("report/exam", exam)).Any(f => f.StartsWith("report/", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("hkMacaoTaiwanResidencePermit", true)]
    [InlineData("hkMacaoTravelPermit", true)]
    [InlineData("taiwanTravelPermit", true)]
    [InlineData("residentId", false)]
    [InlineData("passport", false)]
    public void People_from_hong_kong_macao_and_taiwan_give_their_travel_permit(string person, bool asked)
    {
        Assert.Equal(asked ? ["basic/travelPermit"] : [], (Ml with { Person = person }).Required("basic/travelPermit"));
        Assert.Contains(person, Ml.Programme.Candidates.DocumentTypes);
    }

    [Theory]
    [InlineData("H12345678", null)]
    [InlineData("12345678", null)]
    [InlineData("K12345678", "not-a-travel-permit")]
    public void A_travel_permit_has_its_form(string value, string? code) => Assert.Equal(code is null ? [] : [$"basic/travelPermit {code}"], Ml.Faults(("basic/travelPermit", value)));

    [Fact]
    public void The_military_sits_military_medicine_as_well()
    {
        Assert.Equal(["实践技能考试", "医学综合考试", "军事医学"], Ml.Programme.SubjectsFor(Ml.But(("basic/identity", "military")).Complete));
        Assert.Equal(["实践技能考试", "医学综合考试"], Ml.Programme.SubjectsFor(Ml.Complete));
    }

    [Theory]
    [InlineData("junior")]
    [InlineData("intermediate")]
    [InlineData("senior")]
    public void Who_has_a_title_gives_its_month(string title) => Assert.Equal(["work/titleSince required"], Ml.Faults(("work/title", title)));

    [Theory]
    [InlineData("work/titleSince", "200803", "not-a-month")]
    [InlineData("work/titleSince", "2026-12", "in-future")]
    [InlineData("work/duty", "graduate", "not-a-choice")]
    [InlineData("attempts/count", "0", "not-in-range")]
    [InlineData("attempts/count", "100", "not-in-range")]
    public void What_is_of_the_wrong_kind_is_told_at_its_field(string field, string value, string code) => Assert.Equal([$"{field} {code}"], Ml.Faults((field, value)));

    [Fact]
    public void Who_has_no_title_gives_none_and_post_and_employer_may_be_given()
    {
        Assert.Empty(Ml.Faults(("work/title", "none")));
        Assert.Empty(Ml.Faults(("work/title", "junior"), ("work/titleSince", "2008-03"), ("work/post", "科主任"), ("work/employer", "示例医院")));
        Assert.Equal(("示例医院", "主治医师"), Application.Start(Guid.NewGuid(), "residentId", Ml.Programme, Ml.Session, Hp.Profile with { Work = new("示例医院", null, "2015-07", "主治医师") }, Exam.Now).Answers is var a ? (a["work/employer"], a["work/post"]) : default);
    }

    [Fact]
    public void A_postgraduate_has_the_undergraduate_entry_in_the_profile_and_need_not_choose_it()
    {
        var alone = Ml.But(("experience/education", $"{Master.Id}")) with { Profile = With(Master) };

        Assert.Equal(["experience/education earlier-entry-missing"], alone.Faults());
        Assert.Empty((alone with { Profile = With(Master, Bachelor) }).Faults());
        Assert.Empty((alone with { Profile = With(Master, Bachelor with { Level = EducationLevel.JuniorCollege }) }).Faults());
        Assert.Equal(["experience/education earlier-entry-missing"], (alone with { Profile = With(Master with { Level = EducationLevel.Doctor }) }).Faults());
    }

    [Theory]
    [InlineData(EducationLevel.Secondary)]
    [InlineData(EducationLevel.JuniorCollege)]
    [InlineData(EducationLevel.Bachelor)]
    [InlineData(EducationLevel.Master)]
    [InlineData(EducationLevel.Doctor)]
    public void Every_chosen_diploma_has_a_number_except_for_apprentices(EducationLevel level)
    {
        var entry = Master with { Level = level, CertificateNumber = "" };
        var exam = Ml.But(("report/level", "assistant"), ("report/class", "tcm"), ("report/exam", "241"), ("experience/education", $"{entry.Id}")) with { Profile = With(Bachelor, entry) };

        Assert.Equal(["experience/education entry-incomplete"], exam.Faults());
        Assert.All((string[])["441", "443", "444", "445"], apprentice => Assert.Empty(exam.Faults(("report/exam", apprentice), ("report/class", apprentice == "441" ? "tcm" : "ethnic"))));
    }

    [Theory]
    [InlineData("tcm", "341")]
    [InlineData("ethnic", "343")]
    [InlineData("ethnic", "344")]
    [InlineData("ethnic", "345")]
    public void Apprentices_of_the_practising_level_need_no_number_either(string kind, string exam) => Assert.Empty(
        (Ml with { Profile = With(Bachelor with { CertificateNumber = "" }, Master with { CertificateNumber = "" }) }).Faults(("report/class", kind), ("report/exam", exam), ("experience/education", $"{Bachelor.Id},{Master.Id}")));

    [Fact]
    public void A_postgraduate_of_this_year_has_no_number_yet_but_those_of_the_earlier_diplomas()
    {
        Assert.Equal(["experience/education entry-incomplete"], OfThisYear.Faults(("work/duty", "on-duty")));
        Assert.Empty((OfThisYear with { Profile = With(Bachelor, Master with { Level = EducationLevel.Doctor, CertificateNumber = "" }) }).Faults());
        Assert.Equal(["experience/education entry-incomplete"], (OfThisYear with { Profile = With(Bachelor with { CertificateNumber = "" }, Master) }).Faults(("experience/education", $"{Bachelor.Id},{Master.Id}")));
    }

    [Fact]
    public void At_most_three_entries_are_chosen_of_each_kind()
    {
        var four = string.Join(',', Enumerable.Range(0, 4).Select(_ => Guid.NewGuid()));

        Assert.Equal(["experience/education too-many-chosen", "experience/training too-many-chosen"], Ml.Faults(("experience/education", four), ("experience/training", four)));
    }

    [Theory]
    [InlineData("practising", "110", true)]
    [InlineData("assistant", "210", false)]
    public void With_a_secondary_diploma_the_practising_level_needs_an_assistants_certificate(string level, string exam, bool asked) => Assert.Equal(
        asked ? ["certificates/assistant required"] : [], (Ml with { Profile = With(Secondary) }).Faults(("report/level", level), ("report/exam", exam), ("experience/education", $"{Secondary.Id}")));

    [Fact]
    public void The_number_of_attempts_is_one_unless_something_else_is_said() =>
        Assert.Equal("1", Application.Start(Guid.NewGuid(), "residentId", Ml.Programme, Ml.Session, ProfileGroups.Empty, Exam.Now).Answers["attempts/count"]);

    [Fact]
    public void The_photo_is_a_jpeg_of_at_most_40_kilobytes() => Assert.Equal(("image/jpeg", 40 * 1024L), (Assert.Single(Ml.Programme.Photo.ContentTypes), Ml.Programme.Photo.MaxBytes));

    [Fact]
    public void Nothing_but_the_photo_is_uploaded() => Assert.Empty(Ml.Programme.Documents);

    internal static ProfileGroups With(params EducationEntry[] entries) => ProfileGroups.Empty with { Basic = new("汉族"), Contact = new("北京市东城区示例路1号", "100010"), Education = new(entries) };
}
