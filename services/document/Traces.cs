using System.Buffers.Binary;
using System.IO.Hashing;

namespace ExamPlatform.Documents;

/// <summary>
/// Blanks what a camera or program wrote into a picture beside the picture: place, time, device, thumbnails (EXIF, XMP, IPTC, text, what phones append). Nothing is decoded, no pixel changes, and the
/// file stays as long as it was, so that an exam's window of bytes holds as the candidate saw it. Only how the camera was held is kept.
/// </summary>
internal static class Traces
{
    /// <param name="content">A file whose structure <see cref="Inspection"/> went through; changed in place.</param>
    /// <returns>Whether anything was blanked. Done again it changes nothing.</returns>
    public static bool Blank(byte[] content, string contentType)
    {
        var before = XxHash128.HashToUInt128(content);
        if (contentType == Inspection.Jpeg) BlankJpeg(content);
        else if (contentType == Inspection.Png) BlankPng(content);
        return XxHash128.HashToUInt128(content) != before;
    }

    private static void BlankJpeg(byte[] content)
    {
        for (var at = 2; at + 1 < content.Length;)
        {
            if (content[at] != 0xFF || content[at + 1] is 0x00 or 0xFF or (>= 0xD0 and <= 0xD7))
            {
                at++; // coded data, or filling
                continue;
            }
            var marker = content[at + 1];
            if (marker == 0xD9)
            {
                content.AsSpan(at + 2).Clear();
                return;
            }
            if (at + 4 > content.Length) return;
            var length = BinaryPrimitives.ReadUInt16BigEndian(content.AsSpan(at + 2));
            if (length < 2 || at + 2 + length > content.Length) return;
            var payload = content.AsSpan(at + 4, length - 2);
            if (marker is >= 0xE1 and <= 0xEF && !(marker == 0xE2 && payload.StartsWith("ICC_PROFILE\0"u8)) && marker != 0xEE) BlankSegment(payload, marker);
            at += 2 + length;
        }
    }

    private static void BlankSegment(Span<byte> payload, byte marker)
    {
        var orientation = marker == 0xE1 && payload.StartsWith("Exif\0\0"u8) ? Orientation(payload[6..]) : (byte)1;
        payload.Clear();
        if (orientation == 1 || payload.Length < 32) return;
        // TIFF 6.0: one directory of one entry, 274 Orientation
        ((ReadOnlySpan<byte>)[(byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]).CopyTo(payload);
    }

    private static byte Orientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return 1;
        var little = tiff[0] == (byte)'I';
        var directory = Number(tiff[4..], 4, little);
        if (directory > tiff.Length - 2) return 1;
        var entries = Number(tiff[(int)directory..], 2, little);
        for (var n = 0; n < entries && directory + 2 + 12 * (n + 1) <= tiff.Length; n++)
        {
            var entry = tiff.Slice((int)directory + 2 + 12 * n, 12);
            if (Number(entry, 2, little) == 274) return Number(entry[8..], 2, little) is >= 1 and <= 8 and var found ? (byte)found : (byte)1;
        }
        return 1;
    }

    private static uint Number(ReadOnlySpan<byte> at, int bytes, bool little) => (bytes, little) switch
    {
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(at),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(at),
        (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(at),
        _ => BinaryPrimitives.ReadUInt32BigEndian(at),
    };

    private static void BlankPng(byte[] content)
    {
        for (var at = 8; at + 12 <= content.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(at));
            if (length > content.Length - at - 12) return;
            var type = content.AsSpan(at + 4, 4);
            if (type.SequenceEqual("eXIf"u8) || type.SequenceEqual("tEXt"u8) || type.SequenceEqual("zTXt"u8) || type.SequenceEqual("iTXt"u8) || type.SequenceEqual("tIME"u8))
            {
                "blNk"u8.CopyTo(type); // a private chunk that readers pass over
                content.AsSpan(at + 8, (int)length).Clear();
                BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(at + 8 + (int)length), Crc32.HashToUInt32(content.AsSpan(at + 4, 4 + (int)length)));
            }
            at += 12 + (int)length;
            if (!type.SequenceEqual("IEND"u8)) continue;
            content.AsSpan(at).Clear();
            return;
        }
    }
}
