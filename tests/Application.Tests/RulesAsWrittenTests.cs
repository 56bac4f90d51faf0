namespace ExamPlatform.Applications.Tests;

/// <summary>What each exam's document says in one line per rule: who decides when, what follows a failure, what change is possible, what is uploaded, taken and told.</summary>
public sealed class RulesAsWrittenTests
{
    private const string Every = "residentId hkMacaoTaiwanResidencePermit hkMacaoTravelPermit taiwanTravelPermit foreignPermanentResidentCard passport militaryId";
    private const string Scan = "image/jpeg+image/png+application/pdf 0-10000000", Photo = "image/jpeg+image/png 0-2000000", Small = "image/jpeg+image/png 153600-307200";

    [Theory]
    [InlineData("BM", "acceptance Site Review: return acceptance Review", "first-review Site Review: return first-review Review", "second-review Area Review: release Site 48 first-review Review")]
    [InlineData("HP", "confirmation Site Confirmation: return confirmation Correction", "site-review Site Review: return site-review Correction", "area-review Area Review: return site-review Correction")]
    [InlineData("NU", "confirmation Site Confirmation: return confirmation Correction", "site-review Site Review: return site-review Correction", "area-review Area Review: return site-review Correction")]
    [InlineData("ML", "on-site-qualification Site Confirmation: return on-site-qualification Confirmation", "area-review Area Review: reject National 15")]
    [InlineData("FJ", "base-review Point Review: return base-review Registration")]
    public void Who_decides_in_which_window_and_what_follows_a_failure(string code, params string[] stages) =>
        Assert.Equal(stages, Exam.Read(code).Stages.Select(s => $"{s.Code} {s.Decider} {s.Window}: {OnFail(s)}"));

    [Theory]
    [InlineData("BM", "edit first-review Review")]
    [InlineData("HP", "withdraw confirmation Confirmation", "clears")]
    [InlineData("NU", "withdraw confirmation Confirmation", "clears")]
    [InlineData("ML", "giveUp Registration")]
    [InlineData("FJ", "withdraw base-review Registration", "giveUp Registration", "clears")]
    public void What_change_is_possible_after_submission(string code, params string[] rules)
    {
        var change = Exam.Read(code).Change;

        Assert.Equal(rules, new[]
        {
            change.Withdraw is { } withdraw ? $"withdraw {withdraw.UntilPassed} {withdraw.Window}" : null, change.Edit is { } edit ? $"edit {edit.UntilPassed} {edit.Window}" : null,
            change.GiveUp is { } giveUp ? $"giveUp {giveUp.Window}" : null, change.AreaChangeClears ? "clears" : null,
        }.OfType<string>());
    }

    [Theory]
    [InlineData("BM", $"photo {Photo}", $"education-proof {Scan}", $"practice-proof {Scan}", $"licence-copy {Scan}", $"commitment {Scan}")]
    [InlineData("HP", $"photo {Photo}", $"diploma {Scan}", $"employment-proof {Scan}", $"practice-licence {Scan}")]
    [InlineData("NU", $"photo {Photo}", $"diploma {Scan}", $"graduation-proof {Scan}", $"practice-proof {Scan}")]
    [InlineData("ML", "photo image/jpeg 0-40960")]
    [InlineData("FJ", $"photo {Small}", $"id-front {Small}", $"id-back {Small}", $"diploma {Small}", $"licence {Small}")]
    public void What_is_uploaded_of_which_type_and_size(string code, params string[] uploads)
    {
        var programme = Exam.Read(code);

        Assert.Equal(uploads, programme.Documents.Select(d => (d.Code, d.ContentTypes, d.MinBytes, d.MaxBytes)).Prepend(("photo", programme.Photo.ContentTypes, programme.Photo.MinBytes, programme.Photo.MaxBytes))
            .Select(u => $"{u.Item1} {string.Join('+', u.Item2)} {u.Item3}-{u.Item4}"));
    }

    [Theory]
    [InlineData("BM", "city OnLine")]
    [InlineData("HP", "on-line-paid OnLine Payment 24400 wechat-native+alipay-page+unionpay-pc+wechat-jsapi+wechat-mini+wechat-h5+alipay-wap+unionpay-mobile", "on-line OnLine", "on-site-paid OnSite Payment 24400 wechat-native+alipay-page+unionpay-pc+wechat-jsapi+wechat-mini+wechat-h5+alipay-wap+unionpay-mobile", "on-site-paid-computer OnSite Payment 24400 wechat-native+alipay-page+unionpay-pc computer", "on-site OnSite")]
    [InlineData("NU", "on-line-paid OnLine Payment 12200 wechat-native+wechat-jsapi+wechat-mini+wechat-h5", "on-site-paid OnSite Payment 12200 wechat-native+wechat-jsapi+wechat-mini+wechat-h5", "on-site OnSite")]
    [InlineData("ML", "on-site-paid OnSite Payment 30000 unionpay-pc+wechat-native+unionpay-mobile+wechat-jsapi+wechat-mini", "on-site OnSite")]
    [InlineData("FJ", "base OnLine")]
    public void How_areas_confirm_and_take_the_fee(string code, params string[] policies)
    {
        var programme = Exam.Read(code);

        Assert.Equal(policies, programme.AreaPolicies.Select(p => $"{p.Code} {p.Confirmation}" + (p.Payment is { } pay
            ? $" {pay.Window} {pay.Fee.Parts(programme, programme.Subjects).Sum(f => f.AmountInFen)} {string.Join('+', pay.Channels)}{(pay.Mobile ? "" : " computer")}" : "")));
    }

    [Theory]
    [InlineData("BM", 31)]
    [InlineData("HP", 31)]
    [InlineData("NU", 31)]
    [InlineData("ML", 31)]
    [InlineData("FJ", 1)]
    public void How_many_areas_take_part(string code, int areas) => Assert.Equal(areas, Exam.Read(code).Sessions[0].Areas.Count(a => AreaTree.SitesOf(a.Area).Any()));

    [Theory]
    [InlineData("BM", "residentId")]
    [InlineData("HP", Every)]
    [InlineData("NU", Every)]
    [InlineData("ML", Every)]
    [InlineData("FJ", "residentId hkMacaoTravelPermit taiwanTravelPermit")]
    public void With_which_identity_document_one_registers(string code, string types) => Assert.Equal(types.Split(' '), Exam.Read(code).Candidates.DocumentTypes);

    [Theory]
    [InlineData("BM", "")]
    [InlineData("HP", "bound followed")]
    [InlineData("NU", "bound followed")]
    [InlineData("ML", "")]
    [InlineData("FJ", "")]
    public void What_of_WeChat_is_asked_for_before_one_applies(string code, string asked) =>
        Assert.Equal(asked, Exam.Read(code).Candidates.WeChat is { } rule ? rule.Follow ? "bound followed" : "bound" : "");

    [Theory]
    [InlineData("BM", "综合笔试", "实践技能考试")]
    [InlineData("HP", "基础知识", "相关专业知识", "专业知识", "专业实践能力")]
    [InlineData("NU", "专业实务", "实践能力")]
    [InlineData("ML", "实践技能考试", "医学综合考试")]
    [InlineData("FJ", "招录考核")]
    public void What_is_sat(string code, params string[] subjects) => Assert.Equal(subjects, Exam.Read(code).Subjects);

    [Theory]
    [InlineData("BM", "education/school 100", "education/major 100", "work/employer 100")]
    [InlineData("HP", "work/employer 100", "work/post 50")]
    [InlineData("NU", "practice/hospital 100")]
    [InlineData("ML", "work/employer 100", "work/post 50", "work/title 50")]
    [InlineData("FJ", "education/school 100", "education/otherSchool 100", "education/major 100", "education/otherMajor 100", "licence/number 50")]
    public void How_long_a_text_may_be(string code, params string[] texts) =>
        Assert.Equal(texts, Exam.Read(code).Form.SelectMany(s => s.Fields.OfType<TextField>().Select(f => $"{s.Code}/{f.Code} {f.MaxLength}")));

    [Theory]
    [InlineData("BM", "Submit 72", "Correct 48")]
    [InlineData("HP", "Submit 72", "Confirm 72", "Correct 48", "Pay 48")]
    [InlineData("NU", "Submit 72", "Confirm 72", "Correct 48", "Pay 48")]
    [InlineData("ML", "Submit 72", "Confirm 72", "Pay 48", "Appeal 72")]
    [InlineData("FJ", "Submit 72", "Correct 48")]
    public void What_is_told_how_many_hours_before_and_nobody_has_less_than_three_days(string code, params string[] reminders)
    {
        var deadlines = Exam.Read(code).Deadlines;

        Assert.Equal(reminders, deadlines.Reminders.Select(r => $"{r.Task} {r.HoursBefore}"));
        Assert.Equal(3, deadlines.LeastDays);
    }

    [Theory]
    [InlineData("BM", "24 10 Registration+Review")]
    [InlineData("HP", "24 10 Registration+Confirmation+Correction+Payment")]
    [InlineData("NU", "24 10 Registration+Confirmation+Correction+Payment")]
    [InlineData("ML", "24 10 Registration+Confirmation+Payment")]
    [InlineData("FJ", "24 10 Registration+batches")]
    public void Which_windows_an_outage_of_ten_minutes_in_the_last_day_extends(string code, string rule) =>
        Assert.Equal(rule, Exam.Read(code).Outages is { } r ? $"{r.LastHours} {r.LeastMinutes} {string.Join('+', r.Windows)}{(r.Batches ? "+batches" : "")}" : "");

    [Theory]
    [InlineData("BM", null)]
    [InlineData("HP", null)]
    [InlineData("NU", null)]
    [InlineData("ML", null)]
    [InlineData("FJ", "base-review Area 7 objections: Base Speciality")]
    public void Who_has_passed_what_is_made_known_to_everybody(string code, string? rule) =>
        Assert.Equal(rule, Exam.Read(code).PublicNotice is { } n ? $"{n.Stage} {n.By} {n.Days}{(n.Objections ? " objections" : "")}: {string.Join(' ', n.Columns)}" : null);

    private static string OnFail(Stage stage) => stage.OnFail switch
    {
        ReleaseThenReturn release => $"release {release.By} {release.WithinHours} {release.ResumeAt} {release.Window}",
        ReturnToCandidate back => $"return {back.ResumeAt} {back.Window}",
        _ => $"reject {stage.Appeal?.Decider} {stage.Appeal?.WithinDays}",
    };
}
