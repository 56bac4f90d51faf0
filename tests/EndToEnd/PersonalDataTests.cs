using System.Text;
using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;

namespace ExamPlatform.EndToEnd;

/// <summary>Names, document numbers and mobiles are readable to whom they are shown, and nowhere else (K3): not in a database, a dump, a queue, a log, a trace or a metric.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PersonalDataTests(RunningPlatform platform)
{
    private static readonly string[] Services = ["identity", "application", "document", "review", "payment", "notification"];

    [Fact]
    public async Task What_a_person_gave_lies_readable_in_no_table_no_file_of_database_or_broker_and_no_telemetry()
    {
        var facts = NewCandidate.Random() with { Name = "欧阳𠮷䶮验" };
        string[] planted = [facts.Name, facts.DocumentNumber, facts.Mobile];
        var life = await ALife(facts);
        await Eventually.Holds("what was done is told", () => Task.FromResult(TelemetrySink.Find([life]).Count > 0));

        Assert.Empty(await Tables(planted));
        Assert.Empty(Files(planted));
        Assert.Empty(TelemetrySink.Find(planted));
    }

    /// <summary>Asked for with a profile, a draft and an upload, but nothing sent in; carried out by itself.</summary>
    [Fact]
    public async Task Of_who_has_their_account_deleted_nothing_is_left_anywhere_and_the_audit_trails_are_whole()
    {
        var facts = NewCandidate.Random() with { Name = "司徒𠮷䶮销" };
        var (life, upload) = await ADraft(facts);
        var id = Guid.Parse((await life.Candidate.Get("/api/identity/me")).Expect(200)["id"]);
        (await life.Candidate.Post("/api/identity/me/deletion", new { password = facts.Password })).Expect(200);
        await Eventually.Holds("application knows", async () => await platform.Query<bool>("application", "select exists (select from leaving_candidates where candidate_id = $1 and leaving)", id));

        await platform.At(TimeSpan.FromDays(7.5), () => Eventually.Holds("the account is closed", async () => await platform.Query<bool>("identity", "select exists (select from account_deletions where account_id = $1 and closed_at is not null)", id)));
        await platform.At(TimeSpan.FromDays(8), () => Eventually.Holds("it is deleted", async () => await platform.Query<bool>("identity", "select exists (select from account_deletions where account_id = $1 and carried_out_at is not null)", id)));

        await Eventually.Holds("nothing is left", async () => (await Rows(id)).Count == 0);
        Assert.Empty(Directory.EnumerateFiles(platform.DocumentStore, upload, SearchOption.AllDirectories));
        string[] planted = [facts.Name, facts.DocumentNumber, facts.Mobile];
        Assert.Empty(await Tables(planted));
        Assert.Empty(Files(planted));
        Assert.Empty(TelemetrySink.Find(planted));
        var operators = await platform.Platform.SignIn("operator");
        foreach (var service in Services) Assert.Empty((await operators.Get($"/api/operations/{service}/audit")).Expect(200).Json.List("faults"));
        await platform.Platform.Register(facts); // the number is free
    }

    private async Task<(CandidateLife Life, string Upload)> ADraft(NewCandidate facts)
    {
        var life = await CandidateLife.Register(platform.Platform, facts);
        await life.SaveProfile("contact", new { address = "北京市东城区示例路1号", postcode = "100010", email = "candidate@example.com" });
        return (life, await life.Upload("photo"));
    }

    /// <summary>Where something that is more than an id is left of a candidate.</summary>
    private async Task<IReadOnlyList<string>> Rows(Guid id)
    {
        (string Service, string What)[] places =
        [
            ("identity", "candidates where id = $1 and (length(sealed_identity) > 0 or length(sealed_mobile) > 0 or length(mobile_hash) > 0)"), ("identity", "accounts where id = $1 and (user_name is not null or password_hash <> '')"),
            ("identity", "sessions where account_id = $1"), ("identity", "owner_keys where owner = $1"), ("application", "profiles where candidate_id = $1"), ("application", "applications where candidate_id = $1 and cleared_at is null"),
            ("document", "documents where candidate_id = $1"), ("notification", "notices where candidate_id = $1"),
        ];
        List<string> left = [];
        foreach (var (service, what) in places)
            if (await platform.Query<bool>(service, $"select exists (select from {what})", id)) left.Add($"{service}: {what}");
        return left;
    }

    /// <summary>The scan finds what lies open: an id in every place where it looks.</summary>
    [Fact]
    public async Task The_same_scan_finds_what_is_no_secret()
    {
        var life = await platform.Submitted();

        Assert.NotEmpty(await Tables([life.Life.Id]));
        Assert.NotEmpty(Files([life.Life.Id]));
        await Eventually.Holds("what was done is told", () => Task.FromResult(TelemetrySink.Find([life.Life.Id]).Count > 0));
    }

    /// <summary>BM has all that holds a person's numbers: certificate, a look into the register, returns, notices by SMS.</summary>
    /// <returns>The application's id.</returns>
    private async Task<string> ALife(NewCandidate facts)
    {
        using var telling = new Telling("BM", null, TextWriter.Null);
        return await new BmLife(platform.Platform, telling, facts).Play();
    }

    private async Task<IReadOnlyList<string>> Tables(string[] planted)
    {
        List<string> found = [];
        foreach (var service in Services)
        {
            var tables = await platform.Query<string[]>(service, "select array_agg(quote_ident(table_name)) from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'");
            foreach (var table in tables)
                foreach (var text in planted)
                    foreach (var form in Forms(text))
                        if (await platform.Query<long>(service, $"select count(*) from {table} t where t::text like '%' || $1 || '%'", form) is > 0 and var rows) found.Add($"{service}.{table}: {rows} rows with {text}");
        }
        return found;
    }

    /// <summary>As text, and as the bytes of a bytea column.</summary>
    private static IEnumerable<string> Forms(string text) => [text, Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))];

    private IReadOnlyList<string> Files(string[] planted)
    {
        List<string> found = [];
        foreach (var file in Directory.EnumerateFiles(platform.Data, "*", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}secrets{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            byte[] content;
            try
            {
                content = File.ReadAllBytes(file);
            }
            catch (IOException)
            {
                continue; // a running server removes files while we look
            }
            found.AddRange(planted.Where(text => OpenText.LiesIn(content, text)).Select(text => $"{Path.GetRelativePath(platform.Data, file)}: {text}"));
        }
        return found;
    }
}

internal static class OpenText
{
    /// <summary>As it is, or as JSON that escapes what is not ASCII.</summary>
    public static bool LiesIn(ReadOnlySpan<byte> bytes, string text)
    {
        var escaped = string.Concat(text.Select(c => c < 128 ? c.ToString() : $"\\u{(int)c:X4}"));
        return bytes.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.IndexOf(Encoding.UTF8.GetBytes(escaped)) >= 0;
    }
}
