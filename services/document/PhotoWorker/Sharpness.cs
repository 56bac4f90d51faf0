namespace ExamPlatform.Photos;

/// <summary>How wide the sharpest edges of a picture are: the strongest gradients are compared with those of the same picture blurred a little. What is blurred already loses little.</summary>
internal static class Sharpness
{
    private const int Rim = 4;

    /// <returns>The standard deviation of the edges in pixels of the picture as it is given: about 0.8 where it is sharp, large where there is no edge at all.</returns>
    public static double EdgeWidth(Raster raster)
    {
        var (width, height) = (raster.Width, raster.Height);
        var light = new float[width * height];
        for (var i = 0; i < light.Length; i++) light[i] = 0.299f * raster.Rgb[3 * i] + 0.587f * raster.Rgb[3 * i + 1] + 0.114f * raster.Rgb[3 * i + 2];
        var (sharp, soft) = (Gradients(light, width, height), Gradients(Blurred(light, width, height), width, height));
        var strongest = Enumerable.Range(0, light.Length).OrderByDescending(i => sharp[i]).Take(Math.Max(50, light.Length / 250)).ToList();
        var before = strongest.Average(i => sharp[i]);
        if (before < 6) return 10; // nothing but noise
        var kept = Math.Min(0.999, strongest.Average(i => soft[i]) / before);
        return Math.Sqrt(kept * kept / (1 - kept * kept));
    }

    private static float[] Gradients(float[] light, int width, int height)
    {
        var made = new float[light.Length];
        for (var y = Rim; y < height - Rim; y++)
            for (var x = Rim; x < width - Rim; x++)
            {
                var i = y * width + x;
                var (across, down) = (light[i + 1] - light[i - 1], light[i + width] - light[i - width]);
                made[i] = MathF.Sqrt(across * across + down * down) / 2;
            }
        return made;
    }

    /// <summary>By a standard deviation of one pixel.</summary>
    private static float[] Blurred(float[] light, int width, int height)
    {
        float[] weights = [0.0044f, 0.0540f, 0.2420f, 0.3991f, 0.2420f, 0.0540f, 0.0044f];
        var (rows, made) = (new float[light.Length], new float[light.Length]);
        for (var y = 0; y < height; y++)
            for (var x = 3; x < width - 3; x++)
                for (var k = -3; k <= 3; k++) rows[y * width + x] += weights[k + 3] * light[y * width + x + k];
        for (var y = 3; y < height - 3; y++)
            for (var x = 3; x < width - 3; x++)
                for (var k = -3; k <= 3; k++) made[y * width + x] += weights[k + 3] * rows[(y + k) * width + x];
        return made;
    }
}
