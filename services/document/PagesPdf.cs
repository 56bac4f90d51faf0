using System.Globalization;
using System.Text;

namespace ExamPlatform.Documents;

/// <summary>Writes a PDF (ISO 32000-1) whose pages are JPEGs, each as large as an A4 sheet lets it be, lying or standing as it does. The JPEGs go in as they are.</summary>
internal static class PagesPdf
{
    private const double Short = 595.28, Long = 841.89; // A4 in points

    public static byte[] Write(IReadOnlyList<(byte[] Jpeg, int Width, int Height)> pages)
    {
        using var pdf = new MemoryStream();
        List<long> places = [];
        Text("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n");
        Object("<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) >>");
        Object($"<< /Type /Pages /Count {pages.Count} /Kids [{string.Join(' ', Enumerable.Range(0, pages.Count).Select(n => $"{3 + 3 * n} 0 R"))}] >>");
        for (var n = 0; n < pages.Count; n++)
        {
            var (jpeg, width, height) = pages[n];
            var (across, up) = width > height ? (Long, Short) : (Short, Long);
            var scale = Math.Min(across / width, up / height);
            var draw = string.Create(CultureInfo.InvariantCulture, $"q {width * scale:0.##} 0 0 {height * scale:0.##} {(across - width * scale) / 2:0.##} {(up - height * scale) / 2:0.##} cm /Page Do Q");
            Object(string.Create(CultureInfo.InvariantCulture, $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {across} {up}] /Contents {4 + 3 * n} 0 R /Resources << /XObject << /Page {5 + 3 * n} 0 R >> >> >>"));
            Object($"<< /Length {draw.Length} >>", Encoding.ASCII.GetBytes(draw));
            Object($"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length {jpeg.Length} >>", jpeg);
        }
        var table = pdf.Position;
        Text($"xref\n0 {places.Count + 1}\n0000000000 65535 f \n{string.Concat(places.Select(place => $"{place:D10} 00000 n \n"))}trailer\n<< /Size {places.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return pdf.ToArray();

        void Object(string dictionary, byte[]? content = null)
        {
            places.Add(pdf.Position);
            Text($"{places.Count} 0 obj\n{dictionary}\n");
            if (content is not null)
            {
                Text("stream\n");
                pdf.Write(content);
                Text("\nendstream\n");
            }
            Text("endobj\n");
        }

        void Text(string text) => pdf.Write(Encoding.Latin1.GetBytes(text));
    }
}
