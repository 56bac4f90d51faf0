using System.Text.Json.Nodes;

namespace ExamPlatform.Applications.Tests;

/// <summary>One place of a good document is broken at a time; the fault is told there and nowhere else.</summary>
public sealed class BrokenDocumentTests
{
    [Theory]
    [InlineData("BM", "code", "\"B M\"", "not-a-code")]
    [InlineData("BM", "version", "0", "out-of-range")]
    [InlineData("BM", "form/0/fields/1/categories/0", "8", "out-of-range", "form/0/fields/1/categories")]
    [InlineData("BM", "form/0/fields/1/kind", "\"healthCard\"", "unknown-kind")]
    [InlineData("BM", "form/1/fields/1/requiredWhen/0/values/0", "\"with-honours\"", "unknown-word")]
    [InlineData("BM", "form/1/fields/2/maxLength", "0", "out-of-range")]
    [InlineData("BM", "form/1/fields/2/code", "\"province\"", "said-twice", "form/1/fields", "stages/1/reasons/6/item unknown-item")]
    [InlineData("BM", "form/2/fields/0/min", "70", "out-of-range", "form/2/fields/0/max")]
    [InlineData("BM", "form/3/code", "\"photo\"", "said-twice", "form", "stages/1/reasons/8/item unknown-item")]
    [InlineData("BM", "photo/ground", "\"green\"", "wrong-type")]
    [InlineData("BM", "photo/pixels/width", "99", "out-of-range", "photo/pixels")]
    [InlineData("BM", "photo/pixels/height", "4001", "out-of-range", "photo/pixels")]
    [InlineData("BM", "photo/source", null, "required")]
    [InlineData("BM", "documents/3/code", "\"area\"", "said-twice", "documents", "stages/1/reasons/2/item unknown-item")]
    [InlineData("BM", "stages/0/checks/0/field", "\"report/type\"", "unknown-field")]
    [InlineData("BM", "stages/0/checks/0/kind", "\"horoscope\"", "unknown-kind")]
    [InlineData("BM", "stages/0/reasons/0/item", "\"preferences\"", "unknown-item")]
    [InlineData("BM", "stages/1/reasons/9", null, "other-missing", "stages/1/reasons")]
    [InlineData("BM", "stages/1/reasons", "[]", "empty")]
    [InlineData("BM", "stages/2/onFail/by", "\"national\"", "not-below")]
    [InlineData("BM", "stages/2/onFail/withinHours", "0", "out-of-range")]
    [InlineData("BM", "stages/2/onFail/resumeAt", "\"third-review\"", "unknown-stage")]
    [InlineData("BM", "stages/2/appeal", "{ \"decider\": \"national\", \"withinDays\": 15, \"source\": \"x\" }", "nothing-to-appeal")]
    [InlineData("BM", "change/edit/untilPassed", "\"breakfast\"", "unknown-stage")]
    [InlineData("BM", "change/withdraw", "{ \"untilPassed\": \"acceptance\", \"window\": \"review\", \"source\": \"x\" }", "two-ways", "change/edit")]
    [InlineData("BM", "papers/1/copies", "21", "out-of-range")]
    [InlineData("BM", "papers/1/when", "[]", "empty")]
    [InlineData("BM", "papers/2/code", "\"photos\"", "said-twice", "papers")]
    [InlineData("BM", "counter/replyWithinHours", "1000", "out-of-range")]
    [InlineData("BM", "counter/by", "\"national\"", "unknown-word")]
    [InlineData("BM", "profileNeeds", "[{ \"group\": \"contact\", \"source\": \"x\" }]", "needs-a-profile", "counter")]
    [InlineData("BM", "form/1/fields/2/title", "\"毕业省份\"", "said-twice", "form/1/fields")]
    [InlineData("BM", "form/1/title", "\"报考信息\"", "said-twice", "form")]
    [InlineData("BM", "stages/0/decider", "\"point\"", "point-without-base", "stages/0")]
    [InlineData("BM", "stages/1/reasons/1/code", "\"a reason\"", "not-a-code")]
    [InlineData("BM", "areaPolicies/0/code", "\"the city\"", "not-a-code", "areaPolicies/0/code", "*")]
    [InlineData("BM", "sessions/0/code", "\"20 27\"", "not-a-code")]
    [InlineData("BM", "code", "\"receipt-keys\"", "reserved-word")]
    [InlineData("BM", "deadlines/reminders/0/hoursBefore", "2161", "out-of-range")]
    [InlineData("NU", "areaPolicies/0/payment/fee/amountInFen", "10000001", "out-of-range", "areaPolicies/0/payment/fee")]
    [InlineData("NU", "areaPolicies/0/payment/channels/0", "\"cash\"", "unknown-word")]
    [InlineData("NU", "areaPolicies/0/payment/channels/1", "\"wechat-native\"", "said-twice", "areaPolicies/0/payment/channels")]
    [InlineData("HP", "areaPolicies/3/payment/channels/1", "\"alipay-wap\"", "phone-channel")]
    [InlineData("FJ", "areaPolicies/0/payment", "{ \"window\": \"registration\", \"channels\": [\"wechat-native\"], \"fee\": { \"kind\": \"flat\", \"amountInFen\": 1 } }", "place-gone")]
    [InlineData("BM", "deadlines/reminders/1/task", "\"submit\"", "said-twice", "deadlines/reminders")]
    [InlineData("BM", "outages/lastHours", "0", "out-of-range", "outages/lastHours", "outages/leastMinutes out-of-range")]
    [InlineData("BM", "outages/leastMinutes", "4", "out-of-range")]
    [InlineData("BM", "outages/windows", "[]", "empty")]
    [InlineData("BM", "outages/windows/1", "\"registration\"", "said-twice", "outages/windows")]
    [InlineData("BM", "outages/windows/1", "\"payment\"", "window-missing")]
    [InlineData("BM", "outages/batches", "true", "no-batches")]
    [InlineData("BM", "outages/source", null, "required")]
    [InlineData("BM", "sessions/0/areas/3/area", "\"110100\"", "unknown-area")]
    [InlineData("BM", "sessions/0/windows/2/until", "\"2026-11-01T00:00:00+08:00\"", "ends-before-it-begins")]
    [InlineData("NU", "form/1/fields/0/group", "\"work\"", "not-a-list")]
    [InlineData("NU", "form/1/fields/0/rules/0/unless", "[]", "empty")]
    [InlineData("NU", "form/1/fields/0/rules/1/unless/0/field", "\"report/nothing\"", "unknown-field")]
    [InlineData("NU", "form/1/fields/0/rules/1/member", "\"shoeSize\"", "wrong-type")]
    [InlineData("NU", "areaPolicies/0/payment/fee/amountInFen", "0", "out-of-range", "areaPolicies/0/payment/fee")]
    [InlineData("NU", "areaPolicies/0/payment/channels/0", "\"barter\"", "unknown-word")]
    [InlineData("ML", "candidates/documentTypes/2", "\"tramTicket\"", "unknown-word")]
    [InlineData("ML", "form/1/fields/1/requiredWhen/0/types/1", "\"tramTicket\"", "unknown-word")]
    [InlineData("ML", "form/3/fields/0/rules/0/whenChosen/0", "\"wizard\"", "unknown-word")]
    [InlineData("ML", "form/3/fields/0/rules/2/kinds/0", "\"wizard\"", "unknown-word")]
    [InlineData("ML", "form/3/fields/0/rules/1/unless/0/conditions", "[]", "empty")]
    [InlineData("ML", "form/3/fields/0/rules/1/unless/0/conditions/1/values/0", "\"999\"", "unknown-word")]
    [InlineData("ML", "form/3/fields/0/most", "11", "out-of-range")]
    [InlineData("ML", "form/4/fields/0/requiredWhen/1/field", "\"report/exam\"", "unknown-field")]
    [InlineData("ML", "form/4/fields/0/requiredWhen/1/kinds/0", "\"kindergarten\"", "unknown-word")]
    [InlineData("ML", "addedSubjects/0/when/values/0", "\"pirate\"", "unknown-word")]
    [InlineData("ML", "stages/1/appeal/decider", "\"site\"", "not-above")]
    [InlineData("ML", "stages/1/appeal/withinDays", "61", "out-of-range")]
    [InlineData("ML", "change/giveUp/window", "\"correction\"", "window-missing")]
    [InlineData("FJ", "photo/minBytes", "400000", "out-of-range")]
    [InlineData("FJ", "documents/0/minBytes", "-1", "out-of-range")]
    [InlineData("FJ", "preferences/most", "0", "out-of-range")]
    [InlineData("FJ", "stages/0/reasons/7/item", "\"area\"", "unknown-item")]
    [InlineData("FJ", "sessions/0/bases/4/site", "\"110100\"", "unknown-site")]
    [InlineData("FJ", "sessions/0/plans/2/base", "\"nowhere\"", "unknown-base")]
    [InlineData("FJ", "sessions/0/plans/2/batch", "\"third\"", "unknown-batch")]
    [InlineData("FJ", "sessions/0/plans/2/quota", "-1", "out-of-range")]
    [InlineData("FJ", "sessions/0/plans/1/speciality", "\"中医\"", "said-twice", "sessions/0/plans")]
    [InlineData("FJ", "sessions/0/batches/1/until", "\"2026-12-01T00:00:00+08:00\"", "ends-before-it-begins")]
    [InlineData("FJ", "sessions/0/batches", "[]", "empty", "sessions/0/plans", "*")]
    [InlineData("FJ", "publicNotice/stage", "\"breakfast\"", "unknown-stage")]
    [InlineData("FJ", "publicNotice/by", "\"point\"", "too-low")]
    [InlineData("FJ", "publicNotice/days", "0", "out-of-range")]
    [InlineData("FJ", "publicNotice/days", "31", "out-of-range")]
    [InlineData("FJ", "publicNotice/columns/0", "\"shoeSize\"", "wrong-type")]
    [InlineData("FJ", "publicNotice/columns/0", "\"speciality\"", "said-twice", "publicNotice/columns")]
    [InlineData("FJ", "publicNotice/source", null, "required")]
    [InlineData("BM", "publicNotice", "{ \"stage\": \"acceptance\", \"by\": \"area\", \"days\": 7, \"objections\": true, \"columns\": [\"area\", \"base\"], \"source\": \"x\" }", "no-places", "publicNotice/columns/1")]
    [InlineData("FJ", "counter", "{ \"by\": \"site\", \"replyWithinHours\": 72, \"source\": \"x\" }", "two-ways", "counter", "counter needs-a-profile")]
    public void Each_fault_is_told_where_it_is(string code, string at, string? instead, string fault, string? told = null, string? also = null)
    {
        var document = JsonNode.Parse(Exam.Text(code))!;
        Replace(document, at.Split('/'), instead);

        var faults = ProgrammeReader.Read(document.ToJsonString()).Faults.Select(f => $"{f.Pointer} {f.Code}").ToList();

        Assert.Contains($"#/{told ?? at} {fault}", faults);
        if (also is not "*") Assert.Equal(also is null ? 1 : 2, faults.Count);
        if (also is not (null or "*")) Assert.Contains($"#/{also}", faults);
    }

    private static void Replace(JsonNode document, string[] path, string? instead)
    {
        var holder = path[..^1].Aggregate(document, (node, step) => node is JsonArray list ? list[int.Parse(step, null)]! : node[step]!);
        if (holder is JsonArray items && instead is null) items.RemoveAt(int.Parse(path[^1], null));
        else if (holder is JsonArray places) places[int.Parse(path[^1], null)] = JsonNode.Parse(instead!);
        else if (instead is null) holder.AsObject().Remove(path[^1]);
        else holder[path[^1]] = JsonNode.Parse(instead);
    }
}
