namespace ExamPlatform.Photos;

/// <summary>Where the head is, in fractions of the picture's width and height: told by the outline before a plain ground. Nothing is ever said about the eyes.</summary>
/// <param name="Crown">The upper end, hair included.</param>
/// <param name="Height">Crown to chin.</param>
/// <param name="Middle">Left to right.</param>
internal sealed record Head(double Crown, double Height, double Middle)
{
    private const double HeightToWidth = 1.35;

    /// <returns>Null where no head can be told from the ground.</returns>
    public static Head? Find(Raster raster, Ground ground)
    {
        var (behind, width, height) = (ground.Behind, raster.Width, raster.Height);
        var rows = new (int Left, int Right)[height];
        var (crown, middle) = (-1, width / 2);
        for (var y = 0; y < height; y++)
        {
            rows[y] = crown < 0 ? Longest(behind, y * width, width) : Around(behind, y * width, width, middle);
            var run = rows[y].Right - rows[y].Left;
            if (crown < 0 && run >= width * 0.04 && y + 2 < height && Longest(behind, (y + 2) * width, width) is var next && next.Right - next.Left >= run) crown = y;
            if (crown >= 0 && run > 0) middle = (rows[y].Left + rows[y].Right) / 2;
        }
        if (crown < 0) return null;
        // a head is about a third higher than it is wide in its middle: the least height for which that is so
        for (var tall = Math.Max(6, height / 20); crown + tall * 0.45 < height; tall++)
        {
            var (left, right) = rows[crown + (int)(tall * 0.45)];
            if ((right - left) * HeightToWidth <= tall) return right - left < width * 0.05 ? null : new((double)crown / height, (double)tall / height, (left + right) / 2.0 / width);
        }
        return null;
    }

    private static (int Left, int Right) Longest(bool[] behind, int row, int width)
    {
        (int Left, int Right) longest = (0, 0);
        for (var x = 0; x < width; x++)
        {
            if (behind[row + x]) continue;
            var left = x;
            while (x < width && !behind[row + x]) x++;
            if (x - left > longest.Right - longest.Left) longest = (left, x);
        }
        return longest;
    }

    /// <summary>From the outermost pixel of the person to the other side, within what hangs together around the middle: a light cheek does not split a head.</summary>
    private static (int Left, int Right) Around(bool[] behind, int row, int width, int middle)
    {
        var (left, right) = (middle, middle);
        while (left > 0 && !Clear(left - 1)) left--;
        while (right < width && !Clear(right)) right++;
        return (left, right);

        // three in a row of the ground end the person
        bool Clear(int x)
        {
            for (var i = Math.Max(0, x - 1); i <= Math.Min(width - 1, x + 1); i++)
                if (!behind[row + i]) return false;
            return true;
        }
    }
}
