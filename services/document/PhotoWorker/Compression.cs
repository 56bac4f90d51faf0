using NetVips;

namespace ExamPlatform.Photos;

/// <summary>Makes the JPEG whose bytes lie in the window: without anything of the camera's in it, at 300 dpi.</summary>
internal static class Compression
{
    private const int Good = 90, Least = 30, Tries = 7;

    /// <returns>The best within the window, or what comes nearest to it.</returns>
    public static byte[] Within(Image picture, long least, long most)
    {
        using var printed = picture.Copy(xres: 300 / 25.4, yres: 300 / 25.4);
        var (low, high, quality) = (Least, 100, Good);
        byte[] made = [], best = [];
        for (var tries = 0; tries < Tries && low <= high; tries++)
        {
            made = Encode(printed, quality);
            var fits = made.Length >= least && made.Length <= most;
            if (fits || best.Length == 0 || Distance(made) < Distance(best)) best = made;
            if (fits && (quality >= Good || made.Length >= most * 0.75 || least > 0)) break;
            if (made.Length > most) high = quality - 1;
            else low = quality + 1;
            if (fits && quality >= Good) break;
            quality = (low + high) / 2;
        }
        return best;

        long Distance(byte[] jpeg) => jpeg.Length > most ? jpeg.Length - most : jpeg.Length < least ? least - jpeg.Length : 0;
    }

    private static byte[] Encode(Image picture, int quality) =>
        picture.JpegsaveBuffer(q: quality, optimizeCoding: true, subsampleMode: quality >= Good ? Enums.ForeignSubsample.Off : Enums.ForeignSubsample.On, keep: Enums.ForeignKeep.None);
}
