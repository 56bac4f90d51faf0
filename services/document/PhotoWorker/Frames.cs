using System.Buffers.Binary;
using System.Text.Json;

namespace ExamPlatform.Photos;

/// <summary>The part of a picture that is kept, in fractions of its width and height as it stands upright and turned. The height follows from the exam's ratio: the middle of the part counts.</summary>
public sealed record Cut(double Left, double Top, double Width, double Height);

/// <summary>What is to be made of one picture, which follows in the same frame.</summary>
/// <param name="MinBytes">Of the file that is made.</param>
/// <param name="Width">In pixels, with <paramref name="Height"/>; null where the exam names no size.</param>
/// <param name="Ground">any, white or blue.</param>
/// <param name="SetGround">A plain ground of another colour may be replaced.</param>
/// <param name="Cut">What the candidate keeps; null: what the worker thinks best.</param>
/// <param name="Turn">Quarters clockwise, 0 to 3.</param>
public sealed record PhotoJob(long MinBytes, long MaxBytes, int? Width, int? Height, string Ground, bool SetGround, Cut? Cut, int Turn)
{
    /// <summary>Not a photo but a page of a paper: nothing is cut off and nothing judged.</summary>
    public bool Page { get; init; }

    public static PhotoJob OfPage(long maxBytes, int turn) => new(0, maxBytes, null, null, "any", false, null, turn) { Page = true };
}

/// <summary>What became of a job; the JPEG follows in the same frame, none where <paramref name="Refused"/>.</summary>
/// <param name="Refused">wrong-type, truncated, damaged, too-many-pixels; null where a photo was made.</param>
/// <param name="Cut">The part that was kept.</param>
/// <param name="Findings">What was seen, by its code: ground-not-white, ground-not-blue, ground-uneven, ground-set, too-small, blurred, no-head, head-cut, head-large, head-small, dark, bright, too-many-bytes, too-few-bytes. What follows from it is the service's to say.</param>
/// <param name="Milliseconds">Of processor time.</param>
public sealed record PhotoAnswer(string? Refused, int Width = 0, int Height = 0, Cut? Cut = null, IReadOnlyList<string>? Findings = null, double Milliseconds = 0);

/// <summary>Between the service and a worker: length of the JSON, length of the content (four bytes each, little-endian), JSON, content. Neither side believes a length beyond its bound.</summary>
public static class Frames
{
    public const int MaxJson = 64 * 1024;

    public static async Task WriteAsync<T>(Stream to, T head, Stream content, int length, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(content);
        var json = JsonSerializer.SerializeToUtf8Bytes(head, JsonSerializerOptions.Web);
        var lengths = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(lengths, json.Length);
        BinaryPrimitives.WriteInt32LittleEndian(lengths.AsSpan(4), length);
        await to.WriteAsync(lengths, ct).ConfigureAwait(false);
        await to.WriteAsync(json, ct).ConfigureAwait(false);
        await content.CopyToAsync(to, ct).ConfigureAwait(false);
        await to.FlushAsync(ct).ConfigureAwait(false);
    }

    /// <returns>Null where the stream ends before a frame begins.</returns>
    /// <exception cref="InvalidDataException">A length is beyond its bound, or the JSON is none of <typeparamref name="T"/>.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within a frame.</exception>
    public static async Task<(T Head, byte[] Content)?> ReadAsync<T>(Stream from, int maxContent, CancellationToken ct) where T : class
    {
        ArgumentNullException.ThrowIfNull(from);
        var lengths = new byte[8];
        var read = await from.ReadAtLeastAsync(lengths, 8, throwOnEndOfStream: false, ct).ConfigureAwait(false);
        if (read == 0) return null;
        if (read < 8) throw new EndOfStreamException("The stream ended within a frame.");
        var (json, content) = (BinaryPrimitives.ReadInt32LittleEndian(lengths), BinaryPrimitives.ReadInt32LittleEndian(lengths.AsSpan(4)));
        if (json is <= 0 or > MaxJson || content < 0 || content > maxContent) throw new InvalidDataException("A frame's length is beyond its bound.");
        var (head, body) = (new byte[json], new byte[content]);
        await from.ReadExactlyAsync(head, ct).ConfigureAwait(false);
        await from.ReadExactlyAsync(body, ct).ConfigureAwait(false);
        try
        {
            return (JsonSerializer.Deserialize<T>(head, JsonSerializerOptions.Web) ?? throw new InvalidDataException("A frame without a head."), body);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("A frame's head cannot be read.", e);
        }
    }
}
