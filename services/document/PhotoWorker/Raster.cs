using NetVips;

namespace ExamPlatform.Photos;

/// <summary>A small picture as numbers: sRGB bytes and CIE Lab.</summary>
internal sealed class Raster
{
    private static readonly float[] Linear = [.. Enumerable.Range(0, 256).Select(v => v <= 10 ? v / 255f / 12.92f : MathF.Pow((v / 255f + 0.055f) / 1.055f, 2.4f))];

    public int Width { get; }
    public int Height { get; }

    /// <summary>Red, green, blue by turns.</summary>
    public byte[] Rgb { get; }
    public Lab[] Colours { get; }

    public Raster(Image srgb)
    {
        (Width, Height) = (srgb.Width, srgb.Height);
        Rgb = srgb.WriteToMemory<byte>();
        Colours = new Lab[Width * Height];
        for (var i = 0; i < Colours.Length; i++) Colours[i] = Lab.Of(Rgb[3 * i], Rgb[3 * i + 1], Rgb[3 * i + 2]);
    }

    public Lab this[int x, int y] => Colours[y * Width + x];

    /// <summary>The picture in no more than so many pixels each way.</summary>
    public static Raster Of(Image picture, int longest)
    {
        using var small = picture.Resize(Math.Min(1, (double)longest / Math.Max(picture.Width, picture.Height)), Enums.Kernel.Linear);
        using var srgb = Decoder.ToSrgb(small);
        return new(srgb);
    }

    internal readonly record struct Lab(float L, float A, float B)
    {
        public static Lab Of(byte r, byte g, byte b)
        {
            var (lr, lg, lb) = (Linear[r], Linear[g], Linear[b]); // IEC 61966-2-1, white D65
            var (x, y, z) = (Root((0.4124f * lr + 0.3576f * lg + 0.1805f * lb) / 0.9505f), Root(0.2126f * lr + 0.7152f * lg + 0.0722f * lb), Root((0.0193f * lr + 0.1192f * lg + 0.9505f * lb) / 1.089f));
            return new(116 * y - 16, 500 * (x - y), 200 * (y - z));
        }

        private static float Root(float t) => t > 0.008856f ? MathF.Cbrt(t) : 7.787f * t + 16f / 116;

        public float To(Lab other) => MathF.Sqrt((L - other.L) * (L - other.L) + (A - other.A) * (A - other.A) + (B - other.B) * (B - other.B));
    }
}
