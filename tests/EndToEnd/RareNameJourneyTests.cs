using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using UglyToad.PdfPig;

namespace ExamPlatform.EndToEnd;

/// <summary>A name goes from the registration page through the database into the printed form and the SMS, byte for byte (B2).</summary>
[Collection(PlatformCollection.Name)]
public sealed partial class RareNameJourneyTests(RunningPlatform platform)
{
    /// <summary>The longest has 25 characters.</summary>
    public static TheoryData<string> Names => ["张\U00020BB7", "李㛃", "王䶮明", "赵\U0002CB4E", "买买提\u00B7吐尔逊", "阿卜杜热合曼\u00B7买买提艾力\u00B7吐尔逊江\u00B7艾则孜江尼亚孜"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_of_any_plane_arrives_byte_for_byte(string name)
    {
        var facts = NewCandidate.Random() with { Name = name };
        var life = await Registered(facts);
        await life.BindWeChat();
        var hp = await new HpLife(platform.Platform).Of(life).FillIn();
        var sent = await hp.Submit();

        var pages = await Printed(life.Candidate, $"{life.Address}/submissions/{sent["version"]}/form");
        var sms = await Eventually.Get("an SMS of the submission", async () => (await platform.Platform.Sandbox.Sms(facts.Mobile)).Select(message => message.Find("templateParam/name")?.GetString()).FirstOrDefault(said => said is not null));

        Assert.Equal(Encoding.UTF8.GetBytes(name), await Kept(life));
        Assert.Equal(name, (await life.Candidate.Get("/api/identity/me")).Expect(200)["candidate/name"]);
        Assert.Contains(name, pages, StringComparison.Ordinal);
        Assert.Equal(name, sms);
    }

    /// <summary>As a browser without script registers: the page's own form, with its token, sent back.</summary>
    private async Task<CandidateLife> Registered(NewCandidate facts)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = platform.Web };
        var page = await browser.GetStringAsync(new Uri("/register", UriKind.Relative));
        var form = RegisterForm().Match(page).Value;
        var typed = HiddenInput().Matches(form).ToDictionary(input => input.Groups[1].Value, input => WebUtility.HtmlDecode(input.Groups[2].Value));
        foreach (var (field, value) in (IEnumerable<(string, string)>)[("accepted", "yes"), ("name", facts.Name), ("documentType", "residentId"), ("documentNumber", facts.DocumentNumber),
            ("repeat-name", facts.Name), ("repeat-documentNumber", facts.DocumentNumber), ("mobile", facts.Mobile), ("password", facts.Password)]) typed[field] = value;
        using var answer = await browser.PostAsync(new Uri("/register", UriKind.Relative), new FormUrlEncodedContent(typed));
        Assert.Equal((HttpStatusCode.Redirect, "/applications"), (answer.StatusCode, answer.Headers.Location is { } to ? new Uri(platform.Web, to).AbsolutePath : await answer.Content.ReadAsStringAsync()));
        var person = new Person(platform.Platform, new { documentNumber = facts.DocumentNumber, password = facts.Password });
        await person.SignIn();
        return await new CandidateLife(platform.Platform, person, facts).WithoutQuietHours();
    }

    /// <summary>The text of the PDF, which also bears the photo.</summary>
    private static async Task<string> Printed(Person person, string address)
    {
        var made = await Eventually.Get("the form to be printed", async () => await person.Get(address) is { Status: 200 } done ? done : null);
        using var pdf = PdfDocument.Open(made.Body);
        Assert.NotEmpty(pdf.GetPage(1).GetImages());
        return string.Concat(pdf.GetPages().Select(page => page.Text));
    }

    /// <summary>The bytes of the name in the row, opened with the keys as the platform keeps them.</summary>
    private async Task<byte[]> Kept(CandidateLife life)
    {
        var master = Convert.FromBase64String(await File.ReadAllTextAsync(Path.Combine(platform.Data, "secrets", "master-key")));
        var id = Guid.Parse((await life.Candidate.Get("/api/identity/me")).Expect(200)["id"]);
        var row = await platform.Query<byte[]>("identity", "select sealed_identity from candidates where id = $1", id);
        var key = Seals.Open(await platform.Query<byte[]>("identity", "select wrapped from data_keys where number = $1", (int)row[0]), master, $"data_keys.wrapped/{row[0]}");
        using var identity = JsonDocument.Parse(Seals.Open(row, key, $"candidates.sealed_identity/{id:N}"));
        return Encoding.UTF8.GetBytes(identity.RootElement.GetProperty("Name").GetString()!);
    }

    [GeneratedRegex("<form[^>]*data-check=\"/register/check\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex RegisterForm();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenInput();
}
