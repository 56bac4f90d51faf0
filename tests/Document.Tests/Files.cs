using System.Buffers.Binary;
using System.Text;

namespace ExamPlatform.Documents.Tests;

/// <summary>Files as small as their formats allow, with the sizes their headers claim.</summary>
internal static class Files
{
    public static byte[] Jpeg(int width = 600, int height = 800, byte[]? comment = null) =>
    [
        0xFF, 0xD8, .. Segment(0xFE, comment ?? "test"u8.ToArray()),
        .. Segment(0xC0, [8, .. Two(height), .. Two(width), 1, 1, 0x11, 0]), .. Segment(0xC4, [0, 1, .. new byte[15], 0]), .. Segment(0xDA, [1, 1, 0, 0, 63, 0]),
        0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56, 0xFF, 0xD9,
    ];

    public static byte[] Png(int width = 600, int height = 800) =>
    [
        0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk("IHDR", [.. Four(width), .. Four(height), 8, 2, 0, 0, 0]), .. Chunk("IDAT", [1, 2, 3, 4]), .. Chunk("IEND", []),
    ];

    public static byte[] Pdf(int padding = 3000) => Encoding.ASCII.GetBytes("%PDF-1.7\n" + new string(' ', padding) + "startxref\n0\n%%EOF\n");

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, .. Two(data.Length + 2), .. data];

    private static byte[] Chunk(string type, byte[] data) => [.. Four(data.Length), .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];

    private static byte[] Two(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Four(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
