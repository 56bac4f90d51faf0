using System.Net;
using System.Text.RegularExpressions;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Tokens;

namespace ExamPlatform.Applications.Tests;

/// <summary>The form of a submitted version (E10), printed by the real Chromium.</summary>
public sealed partial class PrintedFormTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>, IDisposable
{
    public void Dispose() => service.Clock.Now = Hp.Now;

    [Theory]
    [InlineData("张\U00020BB7")]
    [InlineData("李㛃")]
    [InlineData("王䶮")]
    [InlineData("赵\U0002CB4E")]
    [InlineData("孙\U00020AD5\U0002B9A4")] // only Hanazono has them
    [InlineData("钱\U00030EDE\U00031350")]
    [InlineData("买买提\u00B7艾合买提")]
    public async Task A_name_of_any_plane_is_in_the_pdf_as_it_is_in_the_register(string name)
    {
        var person = await Submitted(name);

        using var pdf = PdfDocument.Open(await Printed(person));

        var text = string.Concat(pdf.GetPages().Select(page => page.Text));
        Assert.Contains(name, text, StringComparison.Ordinal);
        Assert.Contains("示例医院", text, StringComparison.Ordinal);
        Assert.Contains(await CodeOf(person), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pdf_is_tagged_and_brings_its_fonts()
    {
        using var pdf = PdfDocument.Open(await Printed(await Submitted("张\U00020BB7")));

        var catalog = pdf.Structure.Catalog.CatalogDictionary;
        Assert.True(catalog.ContainsKey(NameToken.Create("StructTreeRoot")));
        Assert.Equal("zh-CN", ((StringToken)catalog.Data["Lang"]).Data);
        Assert.True(((BooleanToken)((DictionaryToken)Resolved(pdf, catalog.Data["MarkInfo"])).Data["Marked"]).Data);
        var objects = Objects(pdf);
        var fonts = objects.Where(token => token.Data.TryGetValue("Type", out var type) && type is NameToken { Data: "FontDescriptor" }).ToList();
        Assert.Contains(objects, token => token.Data.TryGetValue("S", out var kind) && kind is NameToken { Data: "Figure" } && token.ContainsKey(NameToken.Create("Alt")));
        Assert.Contains(objects, token => token.Data.TryGetValue("S", out var kind) && kind is NameToken { Data: "TH" });
        Assert.NotEmpty(fonts);
        Assert.All(fonts, font => Assert.True(font.ContainsKey(NameToken.Create("FontFile2")) || font.ContainsKey(NameToken.Create("FontFile3"))));
    }

    [Fact]
    public async Task The_photo_is_on_the_form_with_words_for_who_does_not_see_it()
    {
        var (person, jpeg) = (await Submitted("张\U00020BB7"), Demo.Picture.Jpeg());
        service.Documents.Photo = jpeg;

        var page = WebUtility.HtmlDecode(await (await Ask(person, "text/html")).Content.ReadAsStringAsync());
        using var pdf = PdfDocument.Open(await Printed(person));

        Assert.Contains($"src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\" alt=\"张\U00020BB7的报名照片\"", page, StringComparison.Ordinal);
        Assert.Equal((296, 416), pdf.GetPage(1).GetImages().Select(image => (image.WidthInSamples, image.HeightInSamples)).Single());
        Assert.Contains(Objects(pdf), token => token.Data.TryGetValue("Alt", out var alt) && alt is StringToken or HexToken && Words(alt) == "张\U00020BB7的报名照片");
    }

    [Fact]
    public async Task A_form_whose_photo_cannot_be_shown_is_given_without()
    {
        service.Documents.Photo = null;

        var page = await (await Ask(await Submitted("测试考生"), "text/html")).Content.ReadAsStringAsync();

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">报名照片</th><td>已上传</td>", page, StringComparison.Ordinal);
    }

    private static List<DictionaryToken> Objects(PdfDocument pdf) => [.. pdf.Structure.CrossReferenceTable.ObjectOffsets.Keys.Select(reference => pdf.Structure.GetObject(reference).Data).OfType<DictionaryToken>()];

    private static string Words(IToken token) => token switch { StringToken text => text.Data, HexToken hex => System.Text.Encoding.BigEndianUnicode.GetString([.. hex.Bytes]).TrimStart('\uFEFF'), _ => "" };

    [Fact]
    public async Task A_form_is_made_once_per_version_and_kept_sealed()
    {
        var person = await Submitted("测试考生");
        var first = await Printed(person);
        service.Identity.Name = "另一个名字";

        Assert.Equal(first, await Printed(person));
        var kept = await Row(person);
        Assert.Equal((FormState.Rendered, 0), (kept.State, kept.Attempts));
        Assert.Equal(-1, kept.Sealed.AsSpan().IndexOf("%PDF"u8));
    }

    [Fact]
    public async Task While_it_is_being_made_the_answer_says_when_to_ask_again()
    {
        var person = await Submitted("测试考生");
        var reply = await Ask(person, "application/pdf");

        Assert.Equal(HttpStatusCode.Accepted, reply.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), reply.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_form_that_another_replica_is_making_is_passed_over_and_made_when_that_one_dies()
    {
        var (held, other, now) = (await Submitted("测试考生"), await Submitted("测试考生"), service.Clock.Now);
        await Put(PrintedForm.Ask(held.Application, 1, now.AddSeconds(30)));
        await service.Query(async db =>
        {
            await using var replica = await db.Database.BeginTransactionAsync();
            await db.PrintedForms.FromSql($"select *, xmin from printed_forms where application_id = {held.Application} for update").SingleAsync();
            service.Clock.Now = now.AddMinutes(1); // now it is due, and the first of all

            await Printed(other);
            Assert.Equal(FormState.Waiting, (await Row(held)).State);
            return 0;
        });

        await Printed(held);
    }

    [Fact]
    public async Task One_that_could_not_be_made_says_what_to_do_and_is_made_when_asked_for_later()
    {
        var (person, now) = (await Submitted("测试考生"), service.Clock.Now);
        var form = PrintedForm.Ask(person.Application, 1, now);
        for (var attempt = 0; attempt < 5; attempt++) form.Miss(now);
        await Put(form);

        Assert.Equal((HttpStatusCode.Conflict, "form-not-made"), await (await Ask(person, "application/pdf")).Problem());
        service.Clock.Now = now.AddMinutes(10);
        await Printed(person);
    }

    [Fact]
    public async Task Without_a_browser_nothing_is_made()
    {
        await using var browser = Chromium.Start("/nowhere/chromium");

        await Assert.ThrowsAsync<IOException>(() => browser.Print("<p>", CancellationToken.None));
    }

    [Fact]
    public async Task The_html_says_the_same_at_once_and_runs_nothing()
    {
        var person = await Submitted("<script>买</script>");
        var reply = await Ask(person, "text/html");
        var page = await reply.Content.ReadAsStringAsync();

        Assert.Equal("text/html; charset=utf-8", reply.Content.Headers.ContentType!.ToString());
        Assert.Contains("&lt;script&gt;买&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", reply.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains($"<p class=\"code\">校验码：{await CodeOf(person)}</p>", page, StringComparison.Ordinal);
        Assert.Contains($"role=\"img\" aria-label=\"校验码二维码，内容为 {await CodeOf(person)}\"", page, StringComparison.Ordinal);
        Assert.Null(await service.Query(db => db.PrintedForms.SingleOrDefaultAsync(f => f.ApplicationId == person.Application)));
    }

    [Theory]
    [InlineData("application/pdf;q=0.5, text/html", "text/html")]
    [InlineData("text/*", "text/html")]
    [InlineData("text/html;q=0, text/*;q=0.1", "text/html")]
    [InlineData("image/png", "application/problem+json")]
    public async Task What_is_answered_follows_what_is_accepted(string accepted, string given) =>
        Assert.Equal(given, (await Ask(await Submitted("测试考生"), accepted)).Content.Headers.ContentType?.MediaType);

    [Fact]
    public async Task The_square_code_holds_the_verification_code()
    {
        var person = await Submitted("测试考生");
        var page = await (await Ask(person, "text/html")).Content.ReadAsStringAsync();
        using var expected = QRCoder.QRCodeGenerator.GenerateQrCode(await CodeOf(person), QRCoder.QRCodeGenerator.ECCLevel.M);

        var dark = Modules().Matches(page).Select(m => (X: int.Parse(m.Groups[1].Value, null), Y: int.Parse(m.Groups[2].Value, null))).ToHashSet();

        Assert.Equal(expected.ModuleMatrix.Index().SelectMany(row => row.Item.Cast<bool>().Index().Where(module => module.Item).Select(module => (module.Index, row.Index))).ToHashSet(), dark);
    }

    [Fact]
    public async Task Somebody_elses_form_and_one_of_a_version_that_was_never_sent_in_are_not_found()
    {
        var person = await Submitted("测试考生");

        Assert.Equal((HttpStatusCode.NotFound, "not-found"), await (await (await service.APerson()).Http.GetAsync($"{person.Address}/submissions/1/form")).Problem());
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), await (await person.Http.GetAsync($"{person.Address}/submissions/2/form")).Problem());
    }

    [Fact]
    public async Task A_page_that_asks_for_files_and_addresses_gets_none()
    {
        using var outside = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        outside.Start();
        var port = ((IPEndPoint)outside.LocalEndpoint).Port;
        await using var browser = Chromium.Start("/usr/bin/chromium");

        using var pdf = PdfDocument.Open(await browser.Print($"""
            <!doctype html><title>t</title><p>before</p><iframe src="file:///etc/passwd"></iframe><img src="http://127.0.0.1:{port}/a.png" alt="none">
            <script src="http://localhost:{port}/a.js"></script><script>document.body.append('script ran')</script><svg onload="document.body.append('it ran')"></svg><object data="file:///etc/passwd" type="text/plain"></object>
            """, CancellationToken.None));

        var text = string.Concat(pdf.GetPages().Select(page => page.Text));
        Assert.Contains("before", text, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ran", text, StringComparison.Ordinal);
        Assert.False(outside.Pending());
    }

    [Fact]
    public void A_form_that_cannot_be_made_is_tried_again_five_times_and_then_when_it_is_asked_for()
    {
        var now = Hp.Now;
        var form = PrintedForm.Ask(Guid.NewGuid(), 1, now);
        for (var attempt = 1; attempt < 5; attempt++)
        {
            form.Miss(now);
            Assert.Equal((FormState.Waiting, now + TimeSpan.FromSeconds(5) * (1 << (attempt - 1))), (form.State, form.TryAt));
        }
        form.Miss(now);
        Assert.Equal((FormState.Failed, 5), (form.State, form.Attempts));
        form.AskAgain(now.AddMinutes(9));
        Assert.Equal(FormState.Failed, form.State);
        form.AskAgain(now.AddMinutes(10));
        Assert.Equal((FormState.Waiting, 0), (form.State, form.Attempts));
    }

    [Fact]
    public void A_form_that_was_made_stays_as_it_is()
    {
        var form = PrintedForm.Ask(Guid.NewGuid(), 1, Hp.Now);
        Assert.Null(form.Keep([1], Hp.Now));

        Assert.Equal("form-rendered-already", form.Keep([2], Hp.Now)?.Code);
        form.Miss(Hp.Now);
        Assert.Equal((FormState.Rendered, 1), (form.State, form.Sealed!.Single()));
    }

    private async Task<Person> Submitted(string name)
    {
        service.Identity.Name = name;
        return await (await (await (await service.APerson()).Start()).Fill()).Submit();
    }

    private static async Task<HttpResponseMessage> Ask(Person person, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{person.Address}/submissions/1/form");
        request.Headers.Accept.ParseAdd(accept);
        return await person.Http.SendAsync(request);
    }

    private static async Task<byte[]> Printed(Person person)
    {
        HttpResponseMessage reply = null!;
        await Until.Async(async () => (reply = await Ask(person, "application/pdf")).StatusCode is HttpStatusCode.OK, what: "the form is made");
        Assert.Equal("application/pdf", reply.Content.Headers.ContentType!.MediaType);
        return await reply.Content.ReadAsByteArrayAsync();
    }

    private Task<int> Put(PrintedForm form) => service.Query(db =>
    {
        db.Add(form);
        return db.SaveChangesAsync();
    });

    private Task<PrintedForm> Row(Person person) => service.Query(db => db.PrintedForms.AsNoTracking().SingleAsync(f => f.ApplicationId == person.Application));
    private Task<string> CodeOf(Person person) => service.Query(db => db.Submissions.Where(s => s.ApplicationId == person.Application).Select(s => s.VerificationCode).SingleAsync());

    private static IToken Resolved(PdfDocument pdf, IToken token) => token is IndirectReferenceToken reference ? pdf.Structure.GetObject(reference.Data).Data : token;

    [GeneratedRegex(@"M(\d+) (\d+)h1v1h-1z")]
    private static partial Regex Modules();
}
