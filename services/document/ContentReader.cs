using System.Buffers.Binary;

namespace ExamPlatform.Documents;

/// <summary>Reads forward through bytes nobody vouches for, in a buffer of fixed size: no file makes it take more memory or more than one pass.</summary>
internal sealed class ContentReader(Stream content)
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private int at;
    private int end;

    /// <returns>The next byte, or -1 where the file ends.</returns>
    public int Byte() => at < end || Fill() ? buffer[at++] : -1;

    /// <returns>False where the file ends before.</returns>
    public bool Read(Span<byte> into)
    {
        while (into.Length > 0)
        {
            if (at == end && !Fill()) return false;
            var taken = Math.Min(into.Length, end - at);
            buffer.AsSpan(at, taken).CopyTo(into);
            at += taken;
            into = into[taken..];
        }
        return true;
    }

    /// <returns>The next two bytes as a number, or -1 where the file ends.</returns>
    public int Number16()
    {
        Span<byte> two = stackalloc byte[2];
        return Read(two) ? BinaryPrimitives.ReadUInt16BigEndian(two) : -1;
    }

    /// <returns>False where the file ends before.</returns>
    public bool Skip(long count)
    {
        while (count > 0)
        {
            if (at == end && !Fill()) return false;
            var taken = (int)Math.Min(count, end - at);
            at += taken;
            count -= taken;
        }
        return true;
    }

    /// <summary>Goes on to behind the next such byte.</summary>
    /// <returns>False where the file ends before.</returns>
    public bool SkipPast(byte value)
    {
        while (at < end || Fill())
        {
            var found = buffer.AsSpan(at, end - at).IndexOf(value);
            at = found < 0 ? end : at + found + 1;
            if (found >= 0) return true;
        }
        return false;
    }

    private bool Fill()
    {
        at = 0;
        end = content.Read(buffer, 0, buffer.Length);
        return end > 0;
    }
}
