using System.Text.Json.Nodes;

namespace ExamPlatform.Applications.Tests;

/// <summary>Walks every exam's document: where each rule comes from is said, and people can read every word.</summary>
public sealed class DocumentsOfAllExamsTests
{
    /// <summary>What states a rule by itself. The rest sits in one of these.</summary>
    private static readonly string[] Rules = ["candidates", "profileNeeds", "form", "fields", "rules", "photo", "documents", "change", "withdraw", "edit", "giveUp", "stages", "onFail", "checks", "appeal", "papers", "counter",
        "preferences", "publicNotice", "addedSubjects", "areaPolicies", "deadlines", "outages", "retention", "sessions"];

    private static readonly string[] Exams = ["BM", "FJ", "HP", "ML", "NU"];

    public static TheoryData<string> Codes() => [.. Exams];

    [Fact]
    public void These_five_exams_are_published() =>
        Assert.Equal(Exams, Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "programmes"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_rule_says_which_sentence_it_comes_from_or_why_it_was_decided(string code)
    {
        var rules = Objects(JsonNode.Parse(Exam.Text(code))!).Where(o => Rules.Contains(Name(o))).ToList();

        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.Matches("^(seed 00[0-4]: .{4,}|decision: .{10,})", (string?)rule["source"] ?? $"nothing at {rule.GetPath()}"));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Nothing_stands_outside_of_a_rule_with_a_source(string code) =>
        Assert.All(Objects(JsonNode.Parse(Exam.Text(code))!).Where(o => o.Parent is not null), o => Assert.True(AndAbove(o).Any(above => above["source"] is not null), o.GetPath()));

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_word_for_people_is_chinese_and_complete(string code)
    {
        var words = Objects(JsonNode.Parse(Exam.Text(code))!).SelectMany(o => o).Where(m => m.Key is "title" or "hint" or "officer" or "candidate").Select(m => (string)m.Value!).ToList();

        Assert.NotEmpty(words);
        Assert.All(words, word => Assert.Matches("^[^{}]*[\u4e00-\u9fff][^{}]*$", word));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_stage_has_reasons_that_name_what_there_is_and_one_for_the_unforeseen(string code)
    {
        var programme = Exam.Read(code);
        string[] items = ["", "photo", programme.Preferences is null ? "area" : "preferences", .. programme.Documents.Select(d => d.Code), .. programme.Form.SelectMany(s => s.Fields.Select(f => $"{s.Code}/{f.Code}"))];

        Assert.All(programme.Stages, stage => Assert.Equal("", stage.Reasons.Single(r => r.Code == StageReason.Other).Item));
        Assert.All(programme.Stages.SelectMany(s => s.Reasons), reason => Assert.Contains(reason.Item, items));
        Assert.All(programme.Stages.SelectMany(s => s.Reasons), reason => Assert.EndsWith("。", reason.Candidate, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Registration_is_open_today_and_for_a_month_at_least(string code)
    {
        var session = Exam.Read(code).Sessions[0];

        Assert.All(session.Areas, area => Assert.True(session.Window(area.Area, WindowKind.Registration).IsOpen(Exam.Now) && session.Window(area.Area, WindowKind.Registration).IsOpen(Exam.Now.AddDays(30))));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void An_exam_is_named_in_no_code(string code) => Assert.DoesNotContain(SourceFiles(), file => File.ReadAllText(file).Contains($"\"{code}\"", StringComparison.Ordinal));

    private static IEnumerable<string> SourceFiles()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder!.FullName, "services", "application"))) folder = folder.Parent;
        return Directory.EnumerateFiles(Path.Combine(folder.FullName, "services"), "*.cs", SearchOption.AllDirectories);
    }

    private static IEnumerable<JsonObject> Objects(JsonNode node) => node switch
    {
        JsonObject o => o.Select(m => m.Value).OfType<JsonNode>().SelectMany(Objects).Prepend(o),
        JsonArray list => list.OfType<JsonNode>().SelectMany(Objects),
        _ => [],
    };

    private static IEnumerable<JsonObject> AndAbove(JsonObject node)
    {
        for (JsonNode? at = node; at?.Parent is not null; at = at.Parent)
            if (at is JsonObject o) yield return o;
    }

    /// <summary>The member it stands in, alone or in a list.</summary>
    private static string? Name(JsonObject node) => node.Parent is null ? null : (node.Parent as JsonArray ?? (JsonNode)node).GetPropertyName();
}
