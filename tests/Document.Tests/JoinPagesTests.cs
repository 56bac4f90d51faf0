using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExamPlatform.Documents.Contracts;
using NetVips;
using UglyToad.PdfPig;

namespace ExamPlatform.Documents.Tests;

/// <summary>Phone pictures of one paper become one PDF, by the real worker.</summary>
public sealed class JoinPagesTests(DocumentFixture service) : IClassFixture<DocumentFixture>
{
    private readonly Guid me = Guid.NewGuid();
    private HttpClient Me => service.Candidate(me);

    [Fact]
    public async Task Pictures_become_one_pdf_in_the_asked_order_upright_and_without_where_they_were_taken()
    {
        var (red, lying) = (await Upload(Picture(255, 0, 3000, 4000)), await Upload(Picture(0, 255, 4000, 3000, orientation: 6)));

        var answer = await Join([new(lying), new(red, 1)]);

        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        var pdf = await (await Me.Open(id)).Content.ReadAsByteArrayAsync();
        using var read = PdfDocument.Open(pdf);
        Assert.Equal([(842, 1650, 2200, 'b'), (595, 2200, 1650, 'r')], read.GetPages().Select(page => page.GetImages().Single()).Zip(read.GetPages(), (image, page) => ((int)Math.Round(page.Height), image.WidthInSamples, image.HeightInSamples, Colour(image.RawBytes.ToArray()))));
        Assert.DoesNotContain("Exif", Encoding.Latin1.GetString(pdf), StringComparison.Ordinal);
        Assert.InRange(pdf.Length, 1000, 9_500_000);
        Assert.Equal((DocumentState.Ready, "application/pdf", me, DocumentKind.Document), ((await service.Row(id)).State, (await service.Row(id)).ContentType, (await service.Row(id)).CandidateId, (await service.Row(id)).Kind));
        Assert.Single(await service.Published<DocumentReady>(id));
    }

    [Fact]
    public async Task The_pdf_stays_within_the_bytes_that_the_exam_asks_for()
    {
        using var noise = Image.Gaussnoise(3000, 4000, sigma: 60, mean: 128);
        using var picture = noise.Cast(Enums.BandFormat.Uchar);
        var page = await Upload(picture.JpegsaveBuffer(q: 60));

        var answer = await Join([new(page), new(page, 2), new(page)], maxBytes: 2_000_000);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.InRange((await service.Row((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid())).Bytes, 500_000, 2_000_000);
    }

    [Fact]
    public async Task Too_few_too_many_and_what_is_no_ones_own_picture_are_refused_and_nothing_is_kept()
    {
        var (page, pdf) = (await Upload(Picture(255, 0, 300, 400)), (await service.Decided(Me, Files.Pdf(100), "application/pdf")).Id);
        var broken = await Upload(Files.Jpeg());
        var (rows, files) = (await service.RowsOf(me), Directory.GetFiles(service.StorePath, "*", SearchOption.AllDirectories).Length);

        Assert.Equal(HttpStatusCode.BadRequest, (await Join([new(page)])).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Join([.. Enumerable.Repeat(new Asked(page), 21)])).StatusCode);
        Assert.Equal("urn:exam:not-a-picture", await (await Join([new(page), new(pdf)])).Code());
        Assert.Equal(HttpStatusCode.NotFound, (await Join([new(page), new(Guid.NewGuid())])).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Join([new(page), new(page)], by: service.Candidate(Guid.NewGuid()))).StatusCode);
        var unfit = await Join([new(page), new(broken)]);
        Assert.Equal(HttpStatusCode.BadRequest, unfit.StatusCode);
        Assert.Contains("#/pages/1", await unfit.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((rows, files), (await service.RowsOf(me), Directory.GetFiles(service.StorePath, "*", SearchOption.AllDirectories).Length));
    }

    private sealed record Asked(Guid Upload, int Turn = 0);

    private async Task<Guid> Upload(byte[] content) => (await service.Decided(Me, content)).Id;

    private Task<HttpResponseMessage> Join(IReadOnlyList<Asked> pages, long? maxBytes = null, HttpClient? by = null) => (by ?? Me).PostAsJsonAsync("/api/documents/papers", new { pages, maxBytes });

    /// <summary>Red or blue, as a camera writes it, with its place in the EXIF.</summary>
    private static byte[] Picture(int red, int blue, int width, int height, int orientation = 1)
    {
        using var black = Image.Black(width, height, bands: 3);
        using var plain = (black + new double[] { red, 0, blue }).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        using var exif = plain.Mutate(m =>
        {
            m.Set(GValue.GStrType, "exif-ifd2-UserComment", "39.9042 N 116.4074 E");
            m.Set(GValue.GIntType, "orientation", orientation);
        });
        return exif.JpegsaveBuffer(q: 90);
    }

    private static char Colour(byte[] jpeg)
    {
        using var seen = Image.NewFromBuffer(jpeg);
        return seen.Getpoint(seen.Width / 2, seen.Height / 2) is [> 200, _, < 60] ? 'r' : 'b';
    }
}
