using System.Security.Cryptography;
using System.Text;
using ExamPlatform.Bench;
using NetVips;

namespace ExamPlatform.Documents.Tests;

/// <summary>Where and when a picture was taken, and with what, is nobody's business (point of privacy): blanked before anybody may read it.</summary>
public sealed class TracesTests(DocumentFixture service) : IClassFixture<DocumentFixture>
{
    [Fact]
    public async Task A_released_photograph_says_nothing_of_place_time_and_device_and_looks_as_before()
    {
        var taken = Taken(6);
        Assert.Contains("GPS-test-camera", Text(taken), StringComparison.Ordinal);

        var row = await service.Decided(service.Candidate(Guid.NewGuid()), [.. taken, .. "appended by the phone: 39.9N"u8]);

        var kept = await service.Kept(row.Id);
        foreach (var trace in (string[])["GPS-test-camera", "2026:11:28", "xmp", "appended by"]) Assert.DoesNotContain(trace, Text(kept), StringComparison.Ordinal);
        Assert.Equal((row.Bytes, row.Sha256), (kept.Length, Convert.ToHexStringLower(SHA256.HashData(kept))));
        using var before = Image.NewFromBuffer(taken);
        using var after = Image.NewFromBuffer(kept, failOn: Enums.FailOn.Warning);
        Assert.Equal(6, (int)after.Get("orientation"));
        Assert.Equal(before.WriteToMemory<byte>(), after.WriteToMemory<byte>());
        Assert.Equal((before.Get("icc-profile-data") as byte[])!.Length, (after.Get("icc-profile-data") as byte[])!.Length);
    }

    [Fact]
    public async Task A_released_PNG_has_no_texts_and_times_and_can_be_read_as_before()
    {
        using var drawn = Picture(1);
        using var named = drawn.Mutate(m => m.Set(GValue.GStrType, "png-comment-0-Author", "GPS-test-camera"));
        var taken = named.PngsaveBuffer();
        Assert.Contains("GPS-test-camera", Text(taken), StringComparison.Ordinal);

        var row = await service.Decided(service.Candidate(Guid.NewGuid()), taken, "image/png");

        var kept = await service.Kept(row.Id);
        Assert.DoesNotContain("GPS-test-camera", Text(kept), StringComparison.Ordinal);
        using var after = Image.NewFromBuffer(kept, failOn: Enums.FailOn.Warning);
        Assert.Equal(drawn.WriteToMemory<byte>(), after.WriteToMemory<byte>());
    }

    [Fact]
    public void Blanked_again_nothing_changes_and_nothing_broken_breaks_it()
    {
        var (once, random) = (Taken(8), new Random(1));
        Assert.True(Traces.Blank(once, "image/jpeg"));
        Assert.False(Traces.Blank(once, "image/jpeg"));

        for (var n = 0; n < 5000; n++)
        {
            var broken = Taken(8)[..random.Next(2, 3000)];
            for (var changes = random.Next(20); changes > 0; changes--) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            Traces.Blank(broken, random.Next(2) == 0 ? "image/jpeg" : "image/png");
        }
    }

    private static byte[]? taken6, taken8;

    private static byte[] Taken(int orientation)
    {
        if ((orientation == 6 ? taken6 : taken8) is { } made) return (byte[])made.Clone();
        using var picture = Picture(orientation);
        var jpeg = picture.JpegsaveBuffer(q: 90);
        if (orientation == 6) taken6 = jpeg; else taken8 = jpeg;
        return (byte[])jpeg.Clone();
    }

    private static Image Picture(int orientation)
    {
        using var drawn = Image.NewFromBuffer(new GeneratedPhotos(5).Next("size").Content).Autorot();
        using var coloured = drawn.IccTransform("p3", inputProfile: "srgb");
        return coloured.Mutate(m =>
        {
            m.Set(GValue.GIntType, "orientation", orientation);
            m.Set(GValue.GStrType, "exif-ifd0-Model", "GPS-test-camera (GPS-test-camera, ASCII, 16 components, 16 bytes)");
            m.Set(GValue.GStrType, "exif-ifd2-DateTimeOriginal", "2026:11:28 12:00:00 (2026:11:28 12:00:00, ASCII, 20 components, 20 bytes)");
            m.Set(GValue.BlobType, "xmp-data", "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"u8.ToArray());
        }).CopyMemory();
    }

    private static string Text(byte[] content) => Encoding.Latin1.GetString(content);
}
