using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using ExamPlatform.Applications.Features;
using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using Grpc.Core;
using QRCoder;

namespace ExamPlatform.Applications;

/// <summary>
/// One submitted version as a page to read or to print. It needs nothing from anywhere: no script, no style but its own, and the photo is in it. The PDF is made of these very bytes, so both say the same.
/// </summary>
public static class FormDocument
{
    // No bold: the fonts of far planes have one weight, and a made-up bold would be drawn as pictures of letters.
    private const string Style = """
        @page { size: A4; margin: 16mm 15mm 20mm; @bottom-left { content: "VERIFICATION"; font: 9pt "BabelStone Han"; } @bottom-right { content: counter(page) " / " counter(pages); font: 9pt "BabelStone Han"; } }
        html { font: 11pt/1.5 "BabelStone Han", "HanaMinA", "HanaMinB", "Noto Serif CJK SC", "Songti SC", SimSun, serif; color: #000; background: #fff; }
        body { max-width: 48rem; margin: 0 auto; padding: 1rem; }
        @media print { body { max-width: none; padding: 0; } a { color: inherit; text-decoration: none; } }
        h1, caption, th { font-weight: normal; }
        h1 { font-size: 18pt; margin: 0; }
        header { display: flex; justify-content: space-between; gap: 1rem; border-bottom: 1pt solid #000; margin-bottom: 1rem; }
        header p { margin: 0.2rem 0; }
        @media (max-width: 30rem) { header { flex-wrap: wrap; } }
        svg { width: 32mm; height: 32mm; flex: none; }
        header img { width: 26mm; max-height: 40mm; object-fit: contain; object-position: top; flex: none; }
        .code { font-size: 14pt; }
        .practice { border: 1pt solid #000; padding: 0.3rem 0.6rem; }
        table { width: 100%; border-collapse: collapse; margin-bottom: 1rem; }
        caption { text-align: left; font-size: 13pt; padding-bottom: 0.2rem; }
        th, td { border: 0.5pt solid #000; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
        th { width: 30%; }
        tr { break-inside: avoid; }
        .sign { margin-top: 2rem; break-inside: avoid; }
        """;

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>What a browser may do with it: show its own style, and nothing else. The style differs by the code in it, so its hash is of each document.</summary>
    public static string SecurityPolicy(string verificationCode) =>
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(StyleOf(verificationCode))))}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Write(Application application, Submission sent, ExamProgramme programme, Person person, byte[]? photo)
    {
        var (title, page) = (Say("form-title"), new StringBuilder());
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} {Html.Encode(programme.Title)}</title><style>{StyleOf(sent.VerificationCode)}</style></head>
            <body><main><header><div><h1>{title}</h1>
            <p>{Html.Encode(programme.Title)} {Html.Encode(programme.Session(application.SessionCode)!.Title)}</p>
            <p class="code">{Say("form-code")}{sent.VerificationCode}</p>
            <p>{Say("form-version", sent.Number, China(sent.SubmittedAt))}</p></div>{Photo(photo, person)}{Code(sent.VerificationCode)}</header>

            """);
        if (application.Trial) page.Append(CultureInfo.InvariantCulture, $"<p class=\"practice\">{Say("form-practice")}</p>\n");
        var about = AnswerQuestions.PersonSection(person);
        Table(page, about.Title, [.. about.Fields.Select(f => (f.Title, f.Value)), (StatusWords.Of("form-area"), AreaTree.Title(sent.AreaCode, sent.SiteCode))]);
        foreach (var section in ViewSubmission.Sections(sent, programme)) Table(page, section.Title, [.. section.Fields.Select(f => (f.Title, f.Value))]);
        Table(page, StatusWords.Of("form-uploads"), [.. sent.Uploads(programme).Select(upload => (upload, StatusWords.Of("form-uploaded")))]);
        return page.Append(CultureInfo.InvariantCulture, $"<p>{Say("form-stale")}</p>\n<p class=\"sign\">{Say("form-sign")}</p>\n</main></body></html>\n").ToString();
    }

    /// <summary>The version's photo, as the document service gives it for printing.</summary>
    /// <returns>Null where there is none that can be shown: the form then says that one was uploaded, as of every document.</returns>
    public static async Task<byte[]?> PhotoOf(Application application, Submission sent, DocumentAnswers.DocumentAnswersClient documents, CancellationToken ct)
    {
        if (sent.PhotoId is not { } photo) return null;
        try
        {
            return (await documents.GetPhotoAsync(new() { CandidateId = application.CandidateId.ToString(), DocumentId = photo.ToString() }, cancellationToken: ct)).Jpeg.ToByteArray();
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
        {
            return null;
        }
    }

    private static string Photo(byte[]? jpeg, Person person) =>
        jpeg is null ? "" : $"<img src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\" alt=\"{Say("form-photo", person.Name)}\">";

    private static void Table(StringBuilder page, string title, (string Title, string Value)[] rows)
    {
        if (rows.Length == 0) return;
        page.Append(CultureInfo.InvariantCulture, $"<table><caption>{Html.Encode(title)}</caption><tbody>\n");
        foreach (var (name, value) in rows) page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Html.Encode(name)}</th><td>{Html.Encode(value)}</td></tr>\n");
        page.Append("</tbody></table>\n");
    }

    /// <summary>The code as a scanner types it. Four light modules around it belong to the symbol (ISO/IEC 18004).</summary>
    private static string Code(string code)
    {
        using var qr = QRCodeGenerator.GenerateQrCode(code, QRCodeGenerator.ECCLevel.M);
        var (rows, path) = (qr.ModuleMatrix, new StringBuilder());
        for (var y = 0; y < rows.Count; y++)
            for (var x = 0; x < rows[y].Count; x++)
                if (rows[y][x]) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
        return $"<svg role=\"img\" aria-label=\"{Say("form-qr", code)}\" viewBox=\"0 0 {rows.Count} {rows.Count}\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>";
    }

    private static string StyleOf(string code) => Style.Replace("VERIFICATION", code, StringComparison.Ordinal);
    private static string Say(string name, params ReadOnlySpan<object?> parts) => Html.Encode(StatusWords.Of(name, parts));
    private static string China(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
