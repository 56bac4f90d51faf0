using System.Buffers.Binary;
using NetVips;

namespace ExamPlatform.Photos;

/// <summary>The picture cannot be made a photo of. The message is the word: wrong-type, truncated, damaged or too-many-pixels.</summary>
internal sealed class UnfitPicture(string word) : Exception(word);

/// <summary>Opens what is a JPEG or PNG by its first bytes, and decodes no more of it than is needed: the header alone says how many pixels there are.</summary>
internal sealed class Decoder
{
    private const long MaxPixels = 110_000_000; // the largest that phones take in one go, and a progressive one still fits into the address space
    private readonly byte[] content;
    private readonly bool jpeg;

    public int Width { get; }
    public int Height { get; }

    public Decoder(byte[] content)
    {
        this.content = content;
        jpeg = content.AsSpan().StartsWith<byte>([0xFF, 0xD8, 0xFF]);
        if (!jpeg && !content.AsSpan().StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])) throw new UnfitPicture("wrong-type");
        // ISO/IEC 15948, 11.2.2: known before any library looks
        if (!jpeg && content.Length >= 24 && (long)BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(16)) * BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(20)) > MaxPixels) throw new UnfitPicture("too-many-pixels");
        try
        {
            using var header = Open(1);
            (Width, Height) = (header.Width, header.Height);
        }
        catch (VipsException e)
        {
            throw Unfit(e);
        }
        if ((long)Width * Height > MaxPixels) throw new UnfitPicture("too-many-pixels");
    }

    /// <summary>The whole picture as it lies in the file, at least <paramref name="scale"/> of its size, in memory, in its own colours.</summary>
    public Image Decode(double scale)
    {
        var shrink = 1;
        while (shrink < 8 && 1.0 / (shrink * 2) >= scale) shrink *= 2;
        try
        {
            using var opened = Open(shrink);
            // by whole numbers: a mean of so many pixels costs a fraction of a filter, and what is left over is done once, on what is cut out
            var further = (int)(opened.Width / (scale * Width));
            using var smaller = further > 1 ? opened.Shrink(further, further) : opened.Copy();
            return smaller.CopyMemory();
        }
        catch (VipsException e)
        {
            throw Unfit(e);
        }
    }

    /// <summary>Three bands of eight bits that mean sRGB; what was transparent is white.</summary>
    public static Image ToSrgb(Image picture)
    {
        using var opaque = picture.HasAlpha() ? picture.Flatten([picture.Format is Enums.BandFormat.Ushort ? 65535 : 255]) : picture.Copy();
        if (opaque.Contains("icc-profile-data"))
        {
            try
            {
                using var transformed = opaque.IccTransform("srgb", embedded: true, intent: Enums.Intent.Relative);
                if (transformed.Bands == 3) return transformed.CopyMemory();
            }
            catch (VipsException)
            {
                // a profile that is none: the numbers are taken as they are
            }
        }
        using var srgb = opaque.Colourspace(Enums.Interpretation.Srgb);
        using var eight = srgb.Cast(Enums.BandFormat.Uchar);
        return eight.CopyMemory();
    }

    // a warning of the decoder is a fault: what ends early would otherwise come out grey
    private Image Open(int shrink) => jpeg
        ? Image.JpegloadBuffer(content, shrink: shrink, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning)
        : Image.PngloadBuffer(content, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning);

    private UnfitPicture Unfit(VipsException e)
    {
        var ended = jpeg ? content.AsSpan().LastIndexOf<byte>([0xFF, 0xD9]) >= 0 : content.AsSpan().LastIndexOf("IEND"u8) >= 0;
        return new(ended && !e.Message.Contains("premature end", StringComparison.OrdinalIgnoreCase) ? "damaged" : "truncated");
    }
}
