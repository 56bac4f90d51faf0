namespace ExamPlatform.Web.Pages.Office;

/// <summary>A list that an officer chose from their machine.</summary>
public static class ImportFile
{
    /// <summary>A workbook by its name; a text that is no UTF-8 is what Excel writes in China.</summary>
    public static async Task<string> TypeOf(string name, Stream content)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(content);
        if (name.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase)) return Export.Workbook;
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy);
        content.Position = 0;
        return System.Text.Unicode.Utf8.IsValid(copy.GetBuffer().AsSpan(0, (int)copy.Length)) ? "text/csv" : "text/csv; charset=gb18030";
    }
}
