using System.Globalization;
using System.Text;
using ExamPlatform.Photos;
using NetVips;

namespace ExamPlatform.Bench;

/// <summary>A picture as a candidate might give it, what is asked of it, and what is wrong with it: null, ground, size, blur or truncated.</summary>
public sealed record GeneratedPhoto(byte[] Content, PhotoJob Job, string? Wrong);

/// <summary>Draws people of many sorts before a ground, as a camera would have taken them: turned, noisy, compressed. The same seed draws the same picture.</summary>
public sealed class GeneratedPhotos(int seed)
{
    public static readonly IReadOnlyList<PhotoJob> Exams =
    [
        new(0, 2_000_000, 413, 531, "blue", false, null, 0), // BM
        new(153_600, 307_200, null, null, "white", false, null, 0), // FJ
        new(0, 40_960, null, null, "any", false, null, 0), // ML
        new(0, 2_000_000, 295, 413, "any", false, null, 0), // NU
        new(0, 2_000_000, null, null, "any", false, null, 0), // HP
    ];

    private readonly Random random = new(seed);

    public GeneratedPhoto Next(string? wrong = null)
    {
        var job = wrong == "ground" ? Exams[random.Next(2)] : Exams[random.Next(Exams.Count)];
        var needed = job.Width ?? (job.MinBytes > 0 ? 600 : 413);
        var tall = Between(0.22, 0.5); // the head, of the picture's height
        // a photo's width is 1.19 heads' heights
        var head = wrong == "size" ? Between(0.25, 0.55) * (job.Width ?? 295) / 1.19 : needed * Between(1, 2.2) / 1.19;
        var height = (int)Math.Clamp(head / tall, 60, 4200);
        var width = (int)(height * Between(0.68, 0.8));
        if (random.Next(4) == 0) width = (int)(height * Between(0.8, 1.4));
        head = height * tall;
        using var drawn = Draw(width, height, head, Ground(job.Ground, wrong == "ground"), wrong == "ground" && random.Next(3) == 0);
        using var blurred = drawn.Gaussblur(wrong == "blur" ? Between(2.6, 6) * head * 1.19 / 295 : Between(0.2, 0.7));
        using var noise = Image.Gaussnoise(width, height, sigma: Between(0.5, 4), mean: 0, seed: random.Next());
        using var noisy = (blurred + noise).Cast(Enums.BandFormat.Uchar);
        return new(wrong == "truncated" ? Broken(Encode(noisy, true)) : Encode(noisy, random.Next(5) > 0), job, wrong);
    }

    private byte[] Encode(Image picture, bool jpeg)
    {
        if (!jpeg) return picture.PngsaveBuffer(compression: 1);
        var orientation = new[] { 1, 1, 3, 6, 8 }[random.Next(5)];
        using var lying = orientation switch { 3 => picture.Rot(Enums.Angle.D180), 6 => picture.Rot(Enums.Angle.D270), 8 => picture.Rot(Enums.Angle.D90), _ => picture.Copy() };
        using var marked = lying.Mutate(m =>
        {
            m.Set(GValue.GIntType, "orientation", orientation);
            m.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "39/1 54/1 0/1 (39, 54, 0, Rational, 3 components, 24 bytes)");
        });
        return marked.JpegsaveBuffer(q: random.Next(72, 96), interlace: random.Next(6) == 0);
    }

    private byte[] Broken(byte[] jpeg) => [.. jpeg[..(int)(jpeg.Length * Between(0.3, 0.9))], 0xFF, 0xD9];

    private (int R, int G, int B) Ground(string asked, bool wrong)
    {
        if (wrong) return asked == "white" ? Pick([(67, 142, 219), (200, 40, 45), (Grey(150, 222)), (190, 175, 150)]) : Pick([(250, 250, 250), (200, 40, 45), (Grey(100, 220)), (190, 175, 150), (60, 120, 70)]);
        return asked switch
        {
            "white" => Grey(246, 255),
            "blue" => (67 + random.Next(-25, 25), 142 + random.Next(-15, 15), 219 + random.Next(-20, 20)),
            _ => random.Next(3) switch { 0 => Grey(225, 255), 1 => (67 + random.Next(-25, 25), 142, 219), _ => (200, 40, 45) },
        };
    }

    private (int, int, int) Grey(int from, int to)
    {
        var grey = random.Next(from, to);
        return (grey, grey, grey);
    }

    private Image Draw(int width, int height, double tall, (int R, int G, int B) ground, bool crowded)
    {
        var (wide, x) = (tall / Between(1.28, 1.5), width * Between(0.46, 0.54));
        var crown = Math.Max(height * Between(0.06, 0.22), 0.12 * tall);
        var (chin, y) = (crown + tall, crown + tall / 2);
        var (skin, hair, cloth) = (Pick([(232, 196, 170), (214, 170, 138), (190, 140, 108), (240, 210, 190)]), Pick([(25, 22, 22), (60, 45, 38), (120, 118, 118)]), Pick([(40, 44, 60), (110, 30, 40), (70, 90, 70), (30, 30, 30), (150, 120, 60)]));
        var svg = new StringBuilder();
        Add($"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'><defs><radialGradient id='g'><stop offset='0' stop-color='{Colour(ground)}'/><stop offset='1' stop-color='{Colour(ground, 1 - Between(0, 0.012))}'/></radialGradient>");
        Add($"<radialGradient id='s'><stop offset='0.3' stop-color='{Colour(skin)}'/><stop offset='1' stop-color='{Colour(skin, 0.86)}'/></radialGradient></defs><rect width='100%' height='100%' fill='url(#g)'/>");
        if (crowded)
            for (var n = 0; n < 14; n++) Add($"<rect x='{Between(-0.1, 1) * width}' y='{Between(-0.1, 0.7) * height}' width='{Between(0.1, 0.35) * width}' height='{Between(0.05, 0.3) * height}' fill='{Colour((random.Next(256), random.Next(256), random.Next(256)))}'/>");
        var shoulder = wide * Between(1.15, 1.45);
        Add($"<path d='M{x - shoulder},{height} C{x - shoulder},{chin + tall * 0.25} {x - wide * 0.6},{chin + tall * 0.22} {x - wide * 0.28},{chin + tall * 0.12} L{x + wide * 0.28},{chin + tall * 0.12} C{x + wide * 0.6},{chin + tall * 0.22} {x + shoulder},{chin + tall * 0.25} {x + shoulder},{height} Z' fill='{Colour(cloth)}'/>");
        if (random.Next(3) == 0) Add($"<path d='M{x - wide * 0.55},{y} C{x - wide * 0.7},{crown - tall * 0.22} {x + wide * 0.7},{crown - tall * 0.22} {x + wide * 0.55},{y} L{x + wide * 0.58},{chin + tall * 0.15} L{x - wide * 0.58},{chin + tall * 0.15} Z' fill='{Colour(hair)}'/>"); // long
        Add($"<rect x='{x - wide * 0.27}' y='{chin - tall * 0.2}' width='{wide * 0.54}' height='{tall * 0.36}' fill='{Colour(skin, 0.88)}'/><path d='M{x - wide * 0.3},{chin + tall * 0.1} L{x},{chin + tall * 0.34} L{x + wide * 0.3},{chin + tall * 0.1}' fill='none' stroke='#f4f4f4' stroke-width='{tall * 0.05}'/>");
        foreach (var side in (int[])[-1, 1]) Add($"<ellipse cx='{x + side * wide * 0.5}' cy='{y + tall * 0.05}' rx='{wide * 0.06}' ry='{tall * 0.1}' fill='{Colour(skin, 0.85)}'/>");
        Add($"<ellipse cx='{x}' cy='{y}' rx='{wide / 2}' ry='{tall / 2}' fill='url(#s)'/>");
        if (random.Next(8) > 0) Add($"<path d='M{x - wide * 0.5},{y - tall * 0.05} C{x - wide * 0.6},{crown - tall * 0.2} {x + wide * 0.6},{crown - tall * 0.2} {x + wide * 0.5},{y - tall * 0.05} C{x + wide * 0.4},{crown + tall * 0.22} {x - wide * 0.3},{crown + tall * 0.18} {x - wide * 0.5},{y - tall * 0.05} Z' fill='{Colour(hair)}'/>");
        var eyes = random.Next(4); // open, closed, behind dark glasses, one of them gone: none of it is anybody's business
        foreach (var side in (int[])[-1, 1])
        {
            var at = x + side * wide * 0.21;
            Add($"<path d='M{at - wide * 0.11},{y - tall * 0.07} q{wide * 0.11},{-tall * 0.04} {wide * 0.22},0' stroke='{Colour(hair)}' stroke-width='{tall * 0.018}' fill='none'/>");
            if (eyes == 2) Add($"<ellipse cx='{at}' cy='{y}' rx='{wide * 0.17}' ry='{tall * 0.08}' fill='#15151a'/><rect x='{x - wide * 0.06}' y='{y - tall * 0.015}' width='{wide * 0.12}' height='{tall * 0.02}' fill='#15151a'/>");
            else if (eyes == 1 || (eyes == 3 && side == 1)) Add($"<path d='M{at - wide * 0.09},{y} q{wide * 0.09},{tall * 0.03} {wide * 0.18},0' stroke='#503028' stroke-width='{tall * 0.012}' fill='none'/>");
            else Add($"<ellipse cx='{at}' cy='{y}' rx='{wide * 0.09}' ry='{tall * 0.03}' fill='#f6f2ee'/><circle cx='{at}' cy='{y}' r='{tall * 0.026}' fill='#2a1c14'/>");
        }
        Add($"<path d='M{x},{y + tall * 0.02} l{-wide * 0.06},{tall * 0.14} q{wide * 0.06},{tall * 0.03} {wide * 0.12},0' stroke='{Colour(skin, 0.7)}' stroke-width='{tall * 0.01}' fill='none'/><path d='M{x - wide * 0.14},{y + tall * 0.27} q{wide * 0.14},{tall * 0.04} {wide * 0.28},0' stroke='#a0484a' stroke-width='{tall * 0.025}' fill='none'/></svg>");
        using var drawn = Image.SvgloadBuffer(Encoding.UTF8.GetBytes(svg.ToString()));
        return drawn.Flatten([255, 255, 255]).CopyMemory();

        void Add(FormattableString part) => svg.Append(part.ToString(CultureInfo.InvariantCulture));
    }

    private static string Colour((int R, int G, int B) colour, double light = 1) => string.Create(CultureInfo.InvariantCulture, $"rgb({Byte(colour.R * light)},{Byte(colour.G * light)},{Byte(colour.B * light)})");

    private static int Byte(double value) => Math.Clamp((int)value, 0, 255);

    private double Between(double from, double to) => from + (to - from) * random.NextDouble();

    private T Pick<T>(T[] of) => of[random.Next(of.Length)];
}
