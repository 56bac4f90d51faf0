using System.Text;

namespace ExamPlatform.Documents.Tests;

public sealed class InspectionTests
{
    private const long MaxPixels = 210_000_000;

    public static TheoryData<string, string, byte[], string> HostileFiles => new()
    {
        { "a JPEG cut in its picture data", "image/jpeg", Files.Jpeg()[..^3], "truncated" },
        { "a JPEG cut in its header", "image/jpeg", Files.Jpeg()[..14], "truncated" },
        { "a PNG without its end", "image/png", Files.Png()[..^12], "truncated" },
        { "a PDF without its end", "application/pdf", Files.Pdf()[..2000], "truncated" },
        { "a PDF whose end lies far before the end", "application/pdf", [.. Files.Pdf(), .. new byte[2000]], "truncated" },
        { "a PNG said to be a JPEG", "image/jpeg", Files.Png(), "wrong-type" },
        { "a JPEG said to be a PNG", "image/png", Files.Jpeg(), "wrong-type" },
        { "a GIF said to be a JPEG", "image/jpeg", Encoding.ASCII.GetBytes("GIF89a=1;alert(1)//"), "wrong-type" },
        { "a page said to be a JPEG", "image/jpeg", Encoding.ASCII.GetBytes("<html><script>alert(1)</script>"), "wrong-type" },
        { "a GIF with a JPEG behind it", "image/jpeg", [.. "GIF89a"u8, .. Files.Jpeg()], "wrong-type" },
        { "a page with a PDF behind it", "application/pdf", [.. "<html>"u8, .. Files.Pdf()], "wrong-type" },
        { "an SVG said to be a PNG", "image/png", Encoding.ASCII.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), "wrong-type" },
        { "a JPEG without a picture", "image/jpeg", [0xFF, 0xD8, 0xFF, 0xD9], "wrong-type" },
        { "a JPEG of no height", "image/jpeg", Files.Jpeg(height: 0), "wrong-type" },
        { "a PNG of no width", "image/png", Files.Png(width: 0), "wrong-type" },
        { "a PNG of negative width", "image/png", Files.Png(width: -1), "wrong-type" },
        { "a PNG bomb", "image/png", Files.Png(100_000, 100_000), "too-many-pixels" },
        { "a PNG bomb of the largest size", "image/png", Files.Png(int.MaxValue, int.MaxValue), "too-many-pixels" },
        { "a PNG bomb that has only its header", "image/png", Files.Png(100_000, 100_000)[..24], "too-many-pixels" },
        { "a JPEG bomb", "image/jpeg", Files.Jpeg(65_535, 65_535), "too-many-pixels" },
    };

    [Theory]
    [MemberData(nameof(HostileFiles))]
    public void A_hostile_file_is_refused_for_its_reason(string file, string declared, byte[] content, string reason)
    {
        var found = Inspection.Of(new MemoryStream(content), declared, MaxPixels);

        Assert.True(found.Reason == reason, $"{file}: {found.Reason ?? "released"}");
        Assert.Null(found.ContentType);
    }

    [Fact]
    public void A_whole_file_is_known_with_its_dimensions()
    {
        Assert.Equal(new("image/jpeg", 600, 800, null), Inspection.Of(new MemoryStream(Files.Jpeg()), "image/jpeg", MaxPixels));
        Assert.Equal(new("image/png", 600, 800, null), Inspection.Of(new MemoryStream(Files.Png()), "image/png", MaxPixels));
        Assert.Equal(new("application/pdf", null, null, null), Inspection.Of(new MemoryStream(Files.Pdf()), "application/pdf", MaxPixels));
    }

    [Fact]
    public void What_a_phone_appends_behind_a_JPEG_does_not_matter()
    {
        byte[] withTrailer = [.. Files.Jpeg(), .. "SEFH and the like"u8];

        Assert.Null(Inspection.Of(new MemoryStream(withTrailer), "image/jpeg", MaxPixels).Reason);
    }

    [Fact]
    public void Ten_thousand_damaged_files_neither_hang_nor_throw()
    {
        var random = new Random(20261122);
        (string Type, byte[] File)[] whole = [("image/jpeg", Files.Jpeg(comment: new byte[300])), ("image/png", Files.Png()), ("application/pdf", Files.Pdf(300))];

        for (var n = 0; n < 10_000; n++)
        {
            var (type, file) = whole[n % 3];
            var damaged = file[..random.Next(file.Length + 1)];
            for (var i = random.Next(8); i > 0 && damaged.Length > 0; i--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var found = Inspection.Of(new MemoryStream(damaged), type, MaxPixels);
            Assert.True(found.Reason is null or "wrong-type" or "truncated" or "too-many-pixels");
        }
    }
}
