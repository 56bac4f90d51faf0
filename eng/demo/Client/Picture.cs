using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace ExamPlatform.Demo;

/// <summary>Draws real pictures: the framework has no imaging, and a PNG (ISO/IEC 15948) is a zlib stream between two headers.</summary>
public static class Picture
{
    /// <summary>A PNG of 295 × 413 pixels (a one-inch photo at 300 dpi), of a random colour, so that no two have the same content.</summary>
    public static byte[] Png(int width = 295, int height = 413)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2); // eight bits each of red, green and blue
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, Pixels(width, height));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static byte[] Pixels(int width, int height)
    {
        var colour = RandomNumberGenerator.GetBytes(3);
        var line = new byte[1 + 3 * width]; // the first byte says: not filtered
        for (var i = 1; i < line.Length; i++) line[i] = colour[i % 3];
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            for (var y = 0; y < height; y++) zlib.Write(line);
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
