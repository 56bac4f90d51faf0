using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ExamPlatform.Documents;

/// <summary>
/// How a file lies on disk (ADR 11): sealed under a key of its own, which is sealed by the service's data keys (ADR 27), in chunks of AES-256-GCM, so that it is written as it arrives and read from any place.
/// Layout: 8 bytes mark, 61 bytes sealed key, then chunks of 64 KiB and a tag of 16 bytes each. A chunk's nonce is its number and whether it is the last: none can be moved, left out, or cut off at the end.
/// </summary>
internal static class SealedFile
{
    private const int KeySize = 32, SealedKey = 61, TagSize = 16, Chunk = 64 * 1024, Header = 8 + SealedKey;
    private static ReadOnlySpan<byte> Mark => "EXSEAL\0\x01"u8;

    /// <summary>Each file is written once, under a key nobody else has: a nonce can be a number.</summary>
    public static async Task WriteAsync(Stream content, Stream to, Guid id, Seals seals, CancellationToken ct)
    {
        var key = RandomNumberGenerator.GetBytes(KeySize);
        byte[] header = [.. Mark, .. seals.Seal(key, Place(id))];
        await to.WriteAsync(header, ct);
        using var aes = new AesGcm(key, TagSize);
        var (present, next, into) = (new byte[Chunk], new byte[Chunk], new byte[Chunk + TagSize]);
        var length = await content.ReadAtLeastAsync(present, Chunk, throwOnEndOfStream: false, ct);
        for (long number = 0; ; number++)
        {
            var following = length == Chunk ? await content.ReadAtLeastAsync(next, Chunk, throwOnEndOfStream: false, ct) : 0;
            aes.Encrypt(Nonce(number, last: following == 0), present.AsSpan(0, length), into.AsSpan(0, length), into.AsSpan(length, TagSize));
            await to.WriteAsync(into.AsMemory(0, length + TagSize), ct);
            if (following == 0) return;
            (present, next, length) = (next, present, following);
        }
    }

    /// <summary>What was kept before files were sealed is read as it lies.</summary>
    public static Stream Open(FileStream file, Guid id, Seals seals)
    {
        Span<byte> header = stackalloc byte[Header];
        var read = file.ReadAtLeast(header, Header, throwOnEndOfStream: false);
        file.Position = 0;
        if (read < Header || !header.StartsWith(Mark)) return file;
        try
        {
            return new Reader(file, seals.Open(header[Mark.Length..], Place(id)));
        }
        catch (InvalidOperationException e)
        {
            file.Dispose();
            throw new InvalidDataException("The key of a kept file does not open.", e);
        }
    }

    private static string Place(Guid id) => $"files/{id:N}";

    private static byte[] Nonce(long number, bool last)
    {
        var nonce = new byte[12];
        nonce[0] = last ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(4), number);
        return nonce;
    }

    private sealed class Reader : Stream
    {
        private readonly FileStream file;
        private readonly AesGcm aes;
        private readonly long chunks;
        private readonly byte[] plain = new byte[Chunk], onDisk = new byte[Chunk + TagSize];
        private long opened = -1;

        public Reader(FileStream file, byte[] key)
        {
            (this.file, aes) = (file, new AesGcm(key, TagSize));
            var body = file.Length - Header;
            chunks = (body + Chunk + TagSize - 1) / (Chunk + TagSize);
            Length = body - chunks * TagSize;
        }

        public override long Length { get; }
        public override long Position { get; set; }
        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;

        public override int Read(Span<byte> buffer)
        {
            if (Position >= Length || buffer.Length == 0) return 0;
            if (Position / Chunk is var number && number != opened)
            {
                file.Position = Header + number * (Chunk + TagSize);
                file.ReadExactly(onDisk.AsSpan(0, Size(number) + TagSize));
                Decrypt(number);
            }
            return Copy(buffer);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= Length || buffer.Length == 0) return 0;
            if (Position / Chunk is var number && number != opened)
            {
                file.Position = Header + number * (Chunk + TagSize);
                await file.ReadExactlyAsync(onDisk.AsMemory(0, Size(number) + TagSize), cancellationToken);
                Decrypt(number);
            }
            return Copy(buffer.Span);
        }

        private int Size(long number) => (int)Math.Min(Chunk, Length - number * Chunk);

        private void Decrypt(long number)
        {
            opened = -1;
            var size = Size(number);
            try
            {
                aes.Decrypt(Nonce(number, number == chunks - 1), onDisk.AsSpan(0, size), onDisk.AsSpan(size, TagSize), plain.AsSpan(0, size));
            }
            catch (AuthenticationTagMismatchException e)
            {
                throw new InvalidDataException("A kept file was changed or cut on disk.", e);
            }
            opened = number;
        }

        private int Copy(Span<byte> buffer)
        {
            var at = (int)(Position % Chunk);
            var count = Math.Min(buffer.Length, Size(opened) - at);
            plain.AsSpan(at, count).CopyTo(buffer);
            Position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => Position, _ => Length };
        public override void Flush() { }
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                aes.Dispose();
                file.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
