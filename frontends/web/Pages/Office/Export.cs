using System.Globalization;
using System.Text;
using ExamPlatform.Web.Components;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace ExamPlatform.Web.Pages.Office;

/// <summary>A recorded export of the work list as a table for spreadsheets.</summary>
public static class Export
{
    public const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static readonly string[] Columns = [OfficeWords.Application, OfficeWords.Programme, OfficeWords.Session, DeskWords.Practice, OfficeWords.Stage, OfficeWords.Kind, OfficeWords.Area, OfficeWords.Version, OfficeWords.OpenedAt, OfficeWords.DueAt, OfficeWords.State];

    public static async Task WorkList(Guid id, string format, HttpContext context, Gateway gateway, ExamTitles titles)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(titles);
        if (format is not ("csv" or "xlsx")) throw new NotHereException();
        var exams = await titles.All();
        var first = (await gateway.Get<WorkPage>($"/api/reviews/exports/{id}/work")).Expect();
        (context.Response.ContentType, context.Response.Headers.ContentDisposition) = (format == "xlsx" ? Workbook : "text/csv; charset=utf-8", $"attachment; filename=\"work.{format}\"");
        if (format == "xlsx") await WriteWorkbook(context, gateway, id, first, exams);
        else await WriteText(context, gateway, id, first, exams);
    }

    /// <summary>The filters that are set, as a query.</summary>
    public static string Query(IEnumerable<(string Name, string? Value)> filters) => QueryString.Create(filters.Where(f => f.Value is { Length: > 0 }).Select(f => KeyValuePair.Create(f.Name, f.Value))).ToString();

    /// <summary>Written as the pages of the list come.</summary>
    private static async Task WriteText(HttpContext context, Gateway gateway, Guid id, WorkPage page, KnownExams exams)
    {
        await using var file = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)); // without the mark Excel reads it as GBK
        await file.WriteLineAsync(Line(Columns));
        await foreach (var work in Rows(gateway, id, page)) await file.WriteLineAsync(Line(Row(work, exams)));
    }

    private static async Task WriteWorkbook(HttpContext context, Gateway gateway, Guid id, WorkPage page, KnownExams exams)
    {
        var rows = new List<string[]>();
        await foreach (var work in Rows(gateway, id, page)) rows.Add(Row(work, exams));
        await using var file = new FileStream(Path.GetTempFileName(), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        await WriteWorkbook(file, Columns, rows);
        file.Position = 0;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>Every cell is a text: what looks like a formula or a number stays what it is.</summary>
    public static Task WriteWorkbook(Stream to, IReadOnlyList<string> columns, IReadOnlyList<string[]> rows) => to.SaveAsAsync(
        rows.Prepend([.. columns]).Select(row => row.Index().ToDictionary(cell => $"{cell.Index}", cell => (object)cell.Item)), printHeader: false, sheetName: "work",
        configuration: new OpenXmlConfiguration { EnableAutoWidth = false, TableStyles = TableStyles.None });

    private static async IAsyncEnumerable<WorkRow> Rows(Gateway gateway, Guid id, WorkPage page)
    {
        while (true)
        {
            foreach (var work in page.Work) yield return work;
            if (page.Next is not { } next) yield break;
            page = (await gateway.Get<WorkPage>($"/api/reviews/exports/{id}/work?cursor={next}")).Expect();
        }
    }

    private static string[] Row(WorkRow work, KnownExams exams) => [work.ApplicationId.ToString(), exams.Programme(work.Programme), exams.Session(work.Programme, work.Session), work.Trial ? DeskWords.Practice : "",
        exams.Stage(work.Programme, work.Stage), Say.Kind(work.Kind), exams.Area(work.AreaPath), work.Version.ToString(CultureInfo.InvariantCulture), Moments.Say(work.OpenedAt), work.DueAt is { } due ? Moments.Say(due) : "", Say.StateOf(work)];

    private static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Cell));

    /// <summary>Quoted; and a cell that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    public static string Cell(string text) => $"\"{(text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
