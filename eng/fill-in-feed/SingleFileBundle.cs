using System.IO.Compression;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace ExamPlatform.FillInFeed;

/// <summary>
/// The files inside a .NET single-file program, read through its bundle manifest
/// (layout: docs/design/features/bundler.md of dotnet/designs, version 6).
/// </summary>
internal sealed class SingleFileBundle : IDisposable
{
    private const int SupportedVersion = 6;

    // SHA-256 of ".net core bundle"; the apphost keeps the header's offset in the 8 bytes before it.
    private static readonly byte[] Signature = Convert.FromHexString("8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae");

    private readonly MemoryMappedFile file;
    private readonly Dictionary<string, (long Offset, long Size, long CompressedSize)> entries = [];

    private SingleFileBundle(MemoryMappedFile file) => this.file = file;

    public IEnumerable<string> Paths => entries.Keys;

    public static SingleFileBundle Open(string path)
    {
        var bundle = new SingleFileBundle(MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read));
        try
        {
            bundle.ReadManifest(HeaderOffset(path));
            return bundle;
        }
        catch
        {
            bundle.Dispose();
            throw;
        }
    }

    public byte[] Read(string path)
    {
        var (offset, size, compressedSize) = entries[path];
        using var stored = file.CreateViewStream(offset, compressedSize > 0 ? compressedSize : size, MemoryMappedFileAccess.Read);
        var content = new byte[size];
        if (compressedSize > 0)
        {
            using var inflated = new DeflateStream(stored, CompressionMode.Decompress);
            inflated.ReadExactly(content);
        }
        else
        {
            stored.ReadExactly(content);
        }

        return content;
    }

    public void Dispose() => file.Dispose();

    private static long HeaderOffset(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        var at = bytes.IndexOf(Signature);
        if (at < sizeof(long)) throw new InvalidDataException("It is not a .NET single-file program.");
        return BitConverter.ToInt64(bytes[(at - sizeof(long))..]);
    }

    private void ReadManifest(long headerOffset)
    {
        using var view = file.CreateViewStream(headerOffset, 0, MemoryMappedFileAccess.Read);
        using var reader = new BinaryReader(view, Encoding.UTF8);
        var version = reader.ReadUInt32();
        _ = reader.ReadUInt32();
        if (version != SupportedVersion) throw new InvalidDataException($"Its bundle has version {version}, not {SupportedVersion}.");
        var count = reader.ReadInt32();
        _ = reader.ReadString();
        _ = reader.ReadBytes(40);
        for (var i = 0; i < count; i++)
        {
            var place = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            _ = reader.ReadByte();
            entries[reader.ReadString()] = place;
        }
    }
}
