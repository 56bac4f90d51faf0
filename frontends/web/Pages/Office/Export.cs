using System.Globalization;
using System.Text;
using ExamPlatform.Web.Components;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Pages.Office;

/// <summary>The work list as a table for spreadsheets, written as the pages of the list come.</summary>
public static class Export
{
    private static readonly string[] Filters = ["programme", "session", "stage", "kind", "areaPath", "state", "dueBefore"];

    public static async Task WorkList(HttpContext context, Gateway gateway, ExamTitles titles)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(titles);
        var exams = await titles.All();
        var filters = Filters.Select(name => (name, (string?)context.Request.Query[name].ToString())).ToList();
        var page = (await gateway.Get<WorkPage>("/api/reviews/work" + Query(filters))).Value ?? throw new NotHereException();
        (context.Response.ContentType, context.Response.Headers.ContentDisposition) = ("text/csv; charset=utf-8", "attachment; filename=\"work.csv\"");
        await using var file = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)); // without the mark Excel reads it as GBK
        await file.WriteLineAsync(Line(OfficeWords.Application, OfficeWords.Programme, OfficeWords.Session, OfficeWords.Stage, OfficeWords.Kind, OfficeWords.Area, OfficeWords.Version, OfficeWords.OpenedAt, OfficeWords.DueAt, OfficeWords.State));
        while (true)
        {
            foreach (var work in page.Work) await file.WriteLineAsync(Row(work, exams));
            if (page.Next is not { } next) return;
            await file.FlushAsync();
            page = (await gateway.Get<WorkPage>("/api/reviews/work" + Query([.. filters, ("cursor", next)]))).Expect();
        }
    }

    /// <summary>The filters that are set, as a query.</summary>
    public static string Query(IEnumerable<(string Name, string? Value)> filters) => QueryString.Create(filters.Where(f => f.Value is { Length: > 0 }).Select(f => KeyValuePair.Create(f.Name, f.Value))).ToString();

    private static string Row(WorkRow work, KnownExams exams) => Line(work.ApplicationId.ToString(), exams.Programme(work.Programme), exams.Session(work.Programme, work.Session), exams.Stage(work.Programme, work.Stage),
        Say.Kind(work.Kind), exams.Area(work.AreaPath), work.Version.ToString(CultureInfo.InvariantCulture), Moments.Say(work.OpenedAt), work.DueAt is { } due ? Moments.Say(due) : "", Say.StateOf(work));

    private static string Line(params string[] cells) => string.Join(',', cells.Select(Cell));

    /// <summary>Quoted; and a cell that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    internal static string Cell(string text) => $"\"{(text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
