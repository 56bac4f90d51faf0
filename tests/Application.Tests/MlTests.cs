namespace ExamPlatform.Applications.Tests;

/// <summary>医师资格考试: the form, rule by rule of seed 003.</summary>
public sealed class MlTests
{
    internal static readonly EducationEntry Bachelor = new("北京大学", "临床医学", EducationLevel.Bachelor, "2015-07", "1", Id: Guid.NewGuid());
    internal static readonly EducationEntry Master = new("北京大学", "内科学", EducationLevel.Master, "2018-07", "2", Id: Guid.NewGuid());
    internal static readonly EducationEntry Secondary = new("北京卫生学校", "医士", EducationLevel.Secondary, "2005-07", "3", Id: Guid.NewGuid());

    private static readonly CertificateEntry Certificate = new("执业助理医师资格证书", "2008110", "2008-12", CertificateType.AssistantPhysician, "2009-03", "210110", Guid.NewGuid());

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

    private static readonly Exam OfThisYear = Ml.But(("work/duty", "graduate-of-this-year"), ("experience/education", $"{Master.Id}")) with { Profile = With(Bachelor, Master with { CertificateNumber = null }) };

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
    [InlineData("practising", "clinical", "dental", "public-health", "tcm", "ethnic", "integrated")]
    [InlineData("assistant", "clinical", "dental", "public-health", "tcm", "ethnic", "integrated")]
    [InlineData("rural", "rural")]
    public void A_level_has_its_classes(string level, params string[] classes) =>
        Assert.Equal(classes, ((ChoiceField)Ml.Programme.Field("report/class")!).Choices.Where(c => c.OfferedWhen.AllHold(Ml.But(("report/level", level)).Filling())).Select(c => c.Code));

    [Theory]
    [InlineData("experience/education", "00000000-0000-0000-0000-000000000000")]
    [InlineData("attempts/count", "00000000001")]
    public void What_says_nothing_is_no_answer(string field, string value) => Assert.NotNull(Ml.Programme.Field(field)!.Check(value, Application.Today(Exam.Now)));

    [Theory]
    [InlineData("on-duty")]
    [InlineData("off-duty")]
    [InlineData("graduate-of-this-year")]
    public void One_is_on_duty_or_not_or_a_postgraduate_of_this_year(string duty) => Assert.Empty(Ml.Faults(("work/duty", duty)));

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
    [InlineData("主治医师")]
    [InlineData("住院医师")]
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
        Assert.Empty(Ml.Faults(("work/title", "无")));
        Assert.Empty(Ml.Faults(("work/title", "主治医师"), ("work/titleSince", "2008-03"), ("work/post", "科主任"), ("work/employer", "示例医院")));
    }

    [Fact]
    public void What_the_profile_says_of_work_is_taken_over()
    {
        var profile = ProfileGroups.Empty with { Work = new("示例医院", null, "2015-07", "科主任", "主治医师", "2018-09", "当年毕业研究生") };

        var answers = Application.Start(Guid.NewGuid(), "residentId", Ml.Programme, Ml.Session, profile, Exam.Now).Answers;

        Assert.Equal(["attempts/count 1", "work/duty graduate-of-this-year", "work/employer 示例医院", "work/post 科主任", "work/title 主治医师", "work/titleSince 2018-09"], answers.Select(a => $"{a.Key} {a.Value}").Order(StringComparer.Ordinal));
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
        var entry = Master with { Level = level, CertificateNumber = null };
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
        (Ml with { Profile = With(Bachelor with { CertificateNumber = null }, Master with { CertificateNumber = null }) }).Faults(("report/class", kind), ("report/exam", exam), ("experience/education", $"{Bachelor.Id},{Master.Id}")));

    [Fact]
    public void A_postgraduate_of_this_year_has_no_number_yet_but_those_of_the_earlier_diplomas()
    {
        Assert.Equal(["experience/education entry-incomplete"], OfThisYear.Faults(("work/duty", "on-duty")));
        Assert.Empty((OfThisYear with { Profile = With(Bachelor, Master with { Level = EducationLevel.Doctor, CertificateNumber = null }) }).Faults());
        Assert.All((EducationLevel[])[EducationLevel.Secondary, EducationLevel.JuniorCollege, EducationLevel.Bachelor], earlier => Assert.Contains("experience/education entry-incomplete",
            (OfThisYear with { Profile = With(Bachelor with { Level = earlier, CertificateNumber = null }, Master, Bachelor with { Id = Guid.NewGuid() }) }).Faults(("experience/education", $"{Bachelor.Id},{Master.Id}"))));
    }

    [Fact]
    public void At_most_three_entries_are_chosen_of_each_kind()
    {
        var four = string.Join(',', Enumerable.Range(0, 4).Select(_ => Guid.NewGuid()));

        var three = four[..four.LastIndexOf(',')];

        Assert.Equal(["experience/education too-many-chosen", "experience/training too-many-chosen"], Ml.Faults(("experience/education", four), ("experience/training", four)));
        Assert.Equal(["experience/education entry-gone", "experience/training entry-gone"], Ml.Faults(("experience/education", three), ("experience/training", three)));
    }

    [Theory]
    [InlineData(TrainingType.Residency, true)]
    [InlineData(TrainingType.Continuing, false)]
    [InlineData(TrainingType.Other, false)]
    public void Of_the_trainings_only_residency_is_ticked(TrainingType type, bool taken)
    {
        var entry = new TrainingEntry("培训", "北京大学第一医院", "2018-09", "2021-08", type, Guid.NewGuid());

        Assert.Equal(taken ? [] : ["experience/training entry-kind"], (Ml with { Profile = Ml.Profile with { Training = new([entry]) } }).Faults(("experience/training", $"{entry.Id}")));
    }

    [Theory]
    [InlineData("practising", "110", true)]
    [InlineData("assistant", "210", false)]
    public void With_a_secondary_diploma_the_practising_level_needs_an_assistants_certificate(string level, string exam, bool asked) => Assert.Equal(
        asked ? ["certificates/assistant required"] : [], (Ml with { Profile = With(Secondary) }).Faults(("report/level", level), ("report/exam", exam), ("experience/education", $"{Secondary.Id}")));

    [Theory]
    [InlineData(CertificateType.AssistantPhysician, null)]
    [InlineData(CertificateType.RuralAssistantPhysician, "entry-kind")]
    [InlineData(CertificateType.Physician, "entry-kind")]
    [InlineData(CertificateType.Other, "entry-kind")]
    public void A_rural_assistants_certificate_does_not_qualify(CertificateType type, string? code) =>
        Assert.Equal(code is null ? [] : [$"certificates/assistant {code}"], OfTheSecondaryDiploma(Certificate with { Type = type }).Faults());

    [Fact]
    public void Number_and_month_of_both_certificates_are_given()
    {
        CertificateEntry[] lacking = [Certificate with { IssuedOn = "" }, Certificate with { Number = "" }, Certificate with { RegisteredOn = null }, Certificate with { RegistrationNumber = null }];

        Assert.All(lacking, certificate => Assert.Equal(["certificates/assistant entry-incomplete"], OfTheSecondaryDiploma(certificate).Faults()));
    }

    [Fact]
    public void The_number_of_attempts_is_one_unless_something_else_is_said() =>
        Assert.Equal("1", Application.Start(Guid.NewGuid(), "residentId", Ml.Programme, Ml.Session, ProfileGroups.Empty, Exam.Now).Answers["attempts/count"]);

    [Fact]
    public void The_photo_is_a_jpeg_of_at_most_40_kilobytes() => Assert.Equal(("image/jpeg", 40 * 1024L), (Assert.Single(Ml.Programme.Photo.ContentTypes), Ml.Programme.Photo.MaxBytes));

    [Fact]
    public void Nothing_but_the_photo_is_uploaded() => Assert.Empty(Ml.Programme.Documents);

    private static Exam OfTheSecondaryDiploma(CertificateEntry certificate) =>
        Ml.But(("experience/education", $"{Secondary.Id}"), ("certificates/assistant", $"{certificate.Id}")) with { Profile = With(Secondary) with { Certificates = new([certificate]) } };

    internal static ProfileGroups With(params EducationEntry[] entries) => ProfileGroups.Empty with { Basic = new("汉族"), Contact = new("北京市东城区示例路1号", "100010"), Education = new(entries) };
}
