namespace ExamPlatform.Photos;

/// <summary>
/// What is behind the head, told without any model (identity-and-data.md): the median colour of the upper edge and the upper sides, how much of these is of that colour, and which pixels
/// hang together with them.
/// </summary>
internal sealed class Ground
{
    private const float SameColour = 12, LeastShare = 0.97f; // ΔE 1976
    private const double LeastWhite = 235, MostSpread = 8, BlueFrom = 190, BlueTo = 235, LeastSaturation = 0.35;
    private readonly Raster raster;
    private readonly Raster.Lab median;
    private readonly (double R, double G, double B) colour;
    private readonly double spread;
    private bool[]? behind;

    /// <summary>The part of the edges that has the ground's colour.</summary>
    public double Share { get; }

    public Ground(Raster raster)
    {
        this.raster = raster;
        var edge = Edge().ToList();
        median = new(Median(edge.Select(i => raster.Colours[i].L)), Median(edge.Select(i => raster.Colours[i].A)), Median(edge.Select(i => raster.Colours[i].B)));
        colour = (Median(edge.Select(i => (float)raster.Rgb[3 * i])), Median(edge.Select(i => (float)raster.Rgb[3 * i + 1])), Median(edge.Select(i => (float)raster.Rgb[3 * i + 2])));
        var same = edge.Where(i => raster.Colours[i].To(median) <= SameColour).ToList();
        Share = (double)same.Count / edge.Count;
        spread = same.Count == 0 ? 0 : Math.Sqrt(same.Average(i => Math.Pow(raster.Rgb[3 * i + 1] - colour.G, 2)));
    }

    /// <returns>ground-not-white, ground-not-blue or ground-uneven; null where the ground is as asked.</returns>
    public string? Fault(string asked) => asked switch
    {
        "white" when !IsWhite => "ground-not-white",
        "blue" when !IsBlue => "ground-not-blue",
        "white" or "blue" when Share < LeastShare => "ground-uneven",
        _ => null,
    };

    public bool IsPlain => Share >= 0.9;

    /// <summary>There is nothing else: nobody is in the picture. A head that cannot be told from a wall of its colour is no reason to refuse.</summary>
    public bool IsBare => IsPlain && Behind.Count(behind => behind) > Behind.Length * 0.97;

    /// <summary>For each pixel, whether it belongs to the ground: of its colour, or shading off from it, and joined to the edges.</summary>
    public bool[] Behind => behind ??= Flood();

    private bool IsWhite => Math.Min(colour.R, Math.Min(colour.G, colour.B)) > LeastWhite && spread < MostSpread;

    private bool IsBlue
    {
        get
        {
            var (most, least) = (Math.Max(colour.R, Math.Max(colour.G, colour.B)), Math.Min(colour.R, Math.Min(colour.G, colour.B)));
            if (most <= 0 || (most - least) / most < LeastSaturation || most > colour.B) return false;
            return 240 + 60 * (colour.R - colour.G) / (most - least) is >= BlueFrom and <= BlueTo; // the hue, where blue is the strongest
        }
    }

    /// <summary>Behind the person the ground is replaced; soft edges keep their softness in the new colour.</summary>
    public static byte[] Replace(Raster picture, string asked)
    {
        var ground = new Ground(picture);
        byte[] wanted = asked == "white" ? [255, 255, 255] : [67, 142, 219]; // #438EDB, photo_rules.tsv
        double[] now = [ground.colour.R, ground.colour.G, ground.colour.B];
        var (made, near) = ((byte[])picture.Rgb.Clone(), Grown(ground.Behind, picture.Width, 3));
        for (var i = 0; i < near.Length; i++)
        {
            if (!near[i]) continue;
            var person = ground.Behind[i] ? 0 : Math.Clamp((picture.Colours[i].To(ground.median) - 8) / 25, 0, 1);
            for (var band = 0; band < 3; band++)
                made[3 * i + band] = ground.Behind[i] ? wanted[band] : (byte)Math.Clamp(made[3 * i + band] + (1 - person) * (wanted[band] - now[band]), 0, 255);
        }
        return made;
    }

    private static bool[] Grown(bool[] area, int width, int by)
    {
        for (; by > 0; by--)
        {
            var grown = (bool[])area.Clone();
            for (var i = 0; i < area.Length; i++)
            {
                if (!area[i]) continue;
                if (i % width > 0) grown[i - 1] = true;
                if (i % width < width - 1) grown[i + 1] = true;
                if (i >= width) grown[i - width] = true;
                if (i + width < area.Length) grown[i + width] = true;
            }
            area = grown;
        }
        return area;
    }

    private bool[] Flood()
    {
        var (reached, open) = (new bool[raster.Colours.Length], new Stack<int>());
        foreach (var i in Edge().Where(i => raster.Colours[i].To(median) <= SameColour)) Reach(i);
        while (open.TryPop(out var i))
        {
            var x = i % raster.Width;
            if (x > 0) Step(i, i - 1);
            if (x < raster.Width - 1) Step(i, i + 1);
            if (i >= raster.Width) Step(i, i - raster.Width);
            if (i + raster.Width < reached.Length) Step(i, i + raster.Width);
        }
        return reached;

        void Step(int from, int to)
        {
            if (reached[to]) return;
            var away = raster.Colours[to].To(median);
            if (away <= SameColour || (away <= 2 * SameColour && raster.Colours[to].To(raster.Colours[from]) < 2)) Reach(to);
        }

        void Reach(int i)
        {
            if (reached[i]) return;
            reached[i] = true;
            open.Push(i);
        }
    }

    /// <summary>The upper 8 % but for the middle, where a head may reach, and the sides of the upper half.</summary>
    private IEnumerable<int> Edge()
    {
        var (top, side, corner, half) = (Math.Max(2, raster.Height * 8 / 100), Math.Max(2, raster.Width * 6 / 100), raster.Width * 30 / 100, raster.Height * 45 / 100);
        for (var y = 0; y < half; y++)
        {
            var reach = y < top ? corner : side;
            for (var x = 0; x < reach; x++)
            {
                yield return y * raster.Width + x;
                yield return y * raster.Width + raster.Width - 1 - x;
            }
        }
    }

    private static float Median(IEnumerable<float> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
