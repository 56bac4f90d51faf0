using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace ExamPlatform.Demo;

/// <summary>Draws real pictures: the framework has no imaging, and a PNG (ISO/IEC 15948) is a zlib stream between two headers.</summary>
public static class Picture
{
    /// <summary>A PNG of 295 × 413 pixels (a one-inch photo at 300 dpi), of a random colour, so that no two have the same content.</summary>
    /// <param name="noise">Every dot of a colour of its own, which cannot be packed: three bytes a dot.</param>
    public static byte[] Png(int width = 295, int height = 413, bool noise = false)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2); // eight bits each of red, green and blue
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, Pixels(width, height, noise));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>A grey JPEG (ISO/IEC 10918-1, baseline) of 296 × 416 pixels, under 1 KB: every block is one code for "as the block before" and one for "nothing else".</summary>
    public static byte[] Jpeg()
    {
        using var jpeg = new MemoryStream();
        jpeg.Write([0xFF, 0xD8]);
        Segment(jpeg, 0xFE, RandomNumberGenerator.GetBytes(16)); // a comment, so that no two have the same content
        Segment(jpeg, 0xDB, [0, .. Enumerable.Repeat((byte)16, 64)]);
        Segment(jpeg, 0xC0, [8, 416 >> 8, 416 & 255, 296 >> 8, 296 & 255, 1, 1, 0x11, 0]);
        foreach (var table in (byte[])[0x00, 0x10]) Segment(jpeg, 0xC4, [table, 1, .. new byte[15], 0]);
        Segment(jpeg, 0xDA, [1, 1, 0, 0, 63, 0]);
        jpeg.Write(new byte[416 / 8 * (296 / 8) * 2 / 8]);
        jpeg.Write([0xFF, 0xD9]);
        return jpeg.ToArray();
    }

    private static void Segment(MemoryStream jpeg, byte marker, ReadOnlySpan<byte> content)
    {
        jpeg.Write([0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)((content.Length + 2) & 255)]);
        jpeg.Write(content);
    }

    private static byte[] Pixels(int width, int height, bool noise)
    {
        var colour = RandomNumberGenerator.GetBytes(3);
        var line = new byte[1 + 3 * width]; // the first byte says: not filtered
        for (var i = 1; i < line.Length; i++) line[i] = colour[i % 3];
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            for (var y = 0; y < height; y++)
            {
                if (noise) RandomNumberGenerator.Fill(line.AsSpan(1));
                zlib.Write(line);
            }
        return packed.ToArray();
    }

    private static void Chunk(Stream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        png.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var next in data)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }
        return crc;
    }
}
