using System.Buffers.Binary;

namespace ExamPlatform.Documents;

/// <summary>What a look at the content found: a type with its dimensions, or the <see cref="Reason"/> it cannot be released for.</summary>
public sealed record Inspection(string? ContentType, int? Width, int? Height, string? Reason)
{
    public const string Jpeg = "image/jpeg";
    public const string Png = "image/png";
    public const string Pdf = "application/pdf";

    /// <summary>ZIP, and what is one inside (ECMA-376). It is taken in as it is, and unpacked by nobody here.</summary>
    public static readonly IReadOnlyList<string> Packed = ["application/zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];

    /// <summary>Compound files ([MS-CFB]): DOC and XLS.</summary>
    public static readonly IReadOnlyList<string> OldOffice = ["application/msword", "application/vnd.ms-excel"];

    private static readonly Inspection WrongType = new(null, null, null, "wrong-type");
    private static readonly Inspection Truncated = new(null, null, null, "truncated");
    private static readonly Inspection TooManyPixels = new(null, null, null, "too-many-pixels");

    /// <summary>
    /// Goes once through the structure of the file, decoding nothing: a picture is known by its header and its end, a bomb by its header alone.
    /// The first bytes must be those of the declared type, so that a file which is also something else is taken only as what it says it is.
    /// </summary>
    public static Inspection Of(Stream content, string declaredType, long maxPixels)
    {
        var reader = new ContentReader(content);
        Span<byte> start = stackalloc byte[8];
        var expected = Signature(declaredType);
        if (!reader.Read(start[..expected.Length]) || !start[..expected.Length].SequenceEqual(expected)) return WrongType;
        return declaredType switch { Jpeg => OfJpeg(reader, maxPixels), Png => OfPng(reader, maxPixels), Pdf => OfPdf(reader), _ => OldOffice.Contains(declaredType) ? OfCompound(reader, declaredType) : OfZip(reader, declaredType) };
    }

    private static ReadOnlySpan<byte> Signature(string type) => type switch
    {
        Jpeg => [0xFF, 0xD8],
        Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A],
        Pdf => "%PDF-"u8,
        _ when Packed.Contains(type) => "PK\u0003\u0004"u8,
        _ when OldOffice.Contains(type) => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1],
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type that is taken in."),
    };

    /// <summary>ITU-T T.81 annex B: segments up to a start of scan, coded data, and so on until the end of image. Phones append data of their own behind it: left alone.</summary>
    private static Inspection OfJpeg(ContentReader reader, long maxPixels)
    {
        (int Width, int Height)? frame = null;
        var scanned = false;
        for (var marker = NextMarker(reader); ; marker = marker == StartOfScan ? MarkerAfterScan(reader) : NextMarker(reader))
        {
            switch (marker)
            {
                case EndOfFile: return Truncated;
                case NoMarker: return WrongType;
                case EndOfImage: return frame is { } size && scanned ? new(Jpeg, size.Width, size.Height, null) : WrongType;
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC): // a start of frame
                    if (FrameOf(reader) is not { } found) return Truncated;
                    if (found.Width == 0 || found.Height == 0) return WrongType;
                    if ((long)found.Width * found.Height > maxPixels) return TooManyPixels;
                    frame = found;
                    break;
                default:
                    if (!SkipSegment(reader)) return Truncated;
                    scanned |= marker == StartOfScan && frame is not null;
                    break;
            }
        }
    }

    private const int EndOfFile = -1;
    private const int NoMarker = -2;
    private const int EndOfImage = 0xD9;
    private const int StartOfScan = 0xDA;

    private static int NextMarker(ContentReader reader)
    {
        var first = reader.Byte();
        if (first != 0xFF) return first < 0 ? EndOfFile : NoMarker;
        int code;
        do code = reader.Byte(); while (code == 0xFF);
        return code switch { < 0 => EndOfFile, 0x00 or 0xD8 => NoMarker, _ => code };
    }

    /// <summary>In coded data FF stands before 00 (a plain FF) and D0–D7 (restarts); anything else is the next marker.</summary>
    private static int MarkerAfterScan(ContentReader reader)
    {
        while (reader.SkipPast(0xFF))
        {
            int code;
            do code = reader.Byte(); while (code == 0xFF);
            if (code is not (0x00 or (>= 0xD0 and <= 0xD7))) return code < 0 ? EndOfFile : code;
        }
        return EndOfFile;
    }

    private static bool SkipSegment(ContentReader reader) => reader.Number16() is >= 2 and var length && reader.Skip(length - 2);

    private static (int Width, int Height)? FrameOf(ContentReader reader)
    {
        var length = reader.Number16();
        if (length < 8 || reader.Byte() < 0) return null; // the byte is the sample precision
        var (height, width) = (reader.Number16(), reader.Number16());
        return width >= 0 && reader.Skip(length - 7) ? (width, height) : null;
    }

    /// <summary>PNG (ISO/IEC 15948) 5.3: chunks of length, type, data, CRC; IHDR first, IEND last, IDAT between.</summary>
    private static Inspection OfPng(ContentReader reader, long maxPixels)
    {
        Span<byte> head = stackalloc byte[8];
        Span<byte> size = stackalloc byte[8];
        if (!reader.Read(head)) return Truncated;
        if (!head.SequenceEqual<byte>([0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'])) return WrongType;
        if (!reader.Read(size)) return Truncated;
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(size), BinaryPrimitives.ReadInt32BigEndian(size[4..]));
        if (width <= 0 || height <= 0) return WrongType;
        if ((long)width * height > maxPixels) return TooManyPixels;
        if (!reader.Skip(5 + 4)) return Truncated;
        for (var data = false; reader.Read(head);)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(head);
            if (length < 0) return WrongType;
            if (!reader.Skip(length + 4L)) return Truncated;
            if (head[4..].SequenceEqual("IEND"u8)) return data ? new(Png, width, height, null) : WrongType;
            data |= head[4..].SequenceEqual("IDAT"u8);
        }
        return Truncated;
    }

    /// <summary>ISO 32000-2, 7.5: the header's version, and the end-of-file line within the last 1024 bytes, as readers look for it.</summary>
    private static Inspection OfPdf(ContentReader reader)
    {
        if (reader.Byte() is not ('1' or '2') || reader.Byte() != '.' || reader.Byte() is not (>= '0' and <= '9')) return WrongType;
        return TailHas(reader, "%%EOF"u8) ? new(Pdf, null, null, null) : Truncated;
    }

    /// <summary>APPNOTE 4.3.16: the end of the central directory, within the last 1024 bytes as every common writer leaves it.</summary>
    private static Inspection OfZip(ContentReader reader, string type) => TailHas(reader, "PK\u0005\u0006"u8) ? new(type, null, null, null) : Truncated;

    /// <summary>[MS-CFB] 2.2: a header of 512 bytes, little-endian, and at least one sector.</summary>
    private static Inspection OfCompound(ContentReader reader, string type)
    {
        Span<byte> header = stackalloc byte[512 - 8];
        if (!reader.Read(header)) return Truncated;
        if (header[20] != 0xFE || header[21] != 0xFF) return WrongType;
        return reader.Skip(512) ? new(type, null, null, null) : Truncated;
    }

    private static bool TailHas(ContentReader reader, ReadOnlySpan<byte> mark)
    {
        Span<byte> tail = stackalloc byte[1024];
        var length = 0;
        for (var next = reader.Byte(); next >= 0; next = reader.Byte()) tail[length++ % tail.Length] = (byte)next;
        Span<byte> unrolled = stackalloc byte[1024];
        var kept = Math.Min(length, tail.Length);
        for (var i = 0; i < kept; i++) unrolled[i] = tail[(length - kept + i) % tail.Length];
        return unrolled[..kept].IndexOf(mark) >= 0;
    }
}
