using NetVips;

namespace ExamPlatform.Photos;

/// <summary>Makes the exam's photo of a picture: upright, cut, scaled, on the asked ground, in the asked bytes; and says what is wrong with it.</summary>
internal static class Maker
{
    private const double OneInch = 295.0 / 413, HeadOfPhoto = 0.60, AboveHead = 0.10, UsualShareOfWidth = 0.45, SpareScale = 1.2;
    private const double PageLength = 2200;
    private const int LookedAt = 320, SharpnessWidth = 295;

    /// <summary>Never throws for what the bytes are.</summary>
    public static (PhotoAnswer Answer, byte[] Jpeg) Make(PhotoJob job, byte[] content)
    {
        var started = Environment.CpuUsage.TotalTime;
        try
        {
            var (answer, made) = Photo(job, new Decoder(content));
            return (answer with { Milliseconds = (Environment.CpuUsage.TotalTime - started).TotalMilliseconds }, made);
        }
        catch (UnfitPicture unfit)
        {
            return (new(unfit.Message), []);
        }
        catch (VipsException)
        {
            return (new("damaged"), []);
        }
    }

    private static (PhotoAnswer, byte[]) Photo(PhotoJob job, Decoder decoder)
    {
        if (job.Page) return Page(job, decoder);
        var target = Target(job);
        using var lying = Decoded(decoder, target.Width / ((job.Cut?.Width ?? UsualShareOfWidth) * decoder.Width) * SpareScale);
        using var whole = Upright(lying, job.Turn);
        // before it is turned: turning is dear
        var times = Math.Max(1, Math.Max(lying.Width, lying.Height) / LookedAt);
        using var small = lying.Shrink(times, times);
        using var looked = Upright(small, job.Turn);
        var seen = Raster.Of(looked, LookedAt);
        var ground = new Ground(seen);
        var head = ground.IsPlain ? Head.Find(seen, ground) : null;
        var ratio = (double)target.Width / target.Height * whole.Height / whole.Width; // of fractions
        var cut = Inside(job.Cut ?? Suggested(head, ratio), ratio);
        var natural = cut.Width * (whole.Width > whole.Height == decoder.Width > decoder.Height ? decoder.Width : decoder.Height);
        if (job.Width is null) target = Sized(target, natural);
        using var kept = whole.Crop((int)(cut.Left * whole.Width), (int)(cut.Top * whole.Height), Math.Max(1, (int)(cut.Width * whole.Width)), Math.Max(1, (int)(cut.Height * whole.Height)));
        var (size, jpeg, findings) = Finish(target);
        // where the exam names no size, a larger picture brings the bytes that the best quality does not
        while (jpeg.Length < job.MinBytes && job.Width is null && target.Width < Math.Min(1180, natural * 2))
        {
            target = ((int)(target.Width * 1.25), (int)(target.Height * 1.25));
            (size, jpeg, findings) = Finish(target);
        }
        if (jpeg.Length > job.MaxBytes) findings.Add("too-many-bytes");
        if (jpeg.Length < job.MinBytes && !findings.Contains("too-small") && !findings.Contains("blurred")) findings.Add("too-few-bytes");
        return (new(null, size.Width, size.Height, cut, findings), jpeg);

        ((int Width, int Height), byte[], List<string>) Finish((int Width, int Height) wanted)
        {
            using var scaled = kept.Resize((double)wanted.Width / kept.Width, vscale: (double)wanted.Height / kept.Height);
            using var srgb = Decoder.ToSrgb(scaled);
            var (seenWrong, set) = Judge(srgb, job, head, cut, ground, natural, wanted.Width);
            using var grounded = set ? Image.NewFromMemory(Ground.Replace(new Raster(srgb), job.Ground), srgb.Width, srgb.Height, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb) : srgb.Copy();
            return ((srgb.Width, srgb.Height), Compression.Within(grounded, job.MinBytes, job.MaxBytes), seenWrong);
        }
    }

    /// <summary>The whole picture, upright, at what a page of A4 is read at (190 dpi).</summary>
    private static (PhotoAnswer, byte[]) Page(PhotoJob job, Decoder decoder)
    {
        using var lying = Decoded(decoder, PageLength / Math.Max(decoder.Width, decoder.Height));
        using var whole = Upright(lying, job.Turn);
        using var scaled = whole.Resize(Math.Min(1, PageLength / Math.Max(whole.Width, whole.Height)));
        using var srgb = Decoder.ToSrgb(scaled);
        return (new(null, srgb.Width, srgb.Height, new(0, 0, 1, 1), []), Compression.Within(srgb, 0, job.MaxBytes));
    }

    private static Image Decoded(Decoder decoder, double scale) => decoder.Decode(Math.Clamp(scale, 0.01, 1));

    /// <summary>As the camera says it was held, and as the candidate has turned it from there.</summary>
    private static Image Upright(Image lying, int turn)
    {
        var upright = lying.Autorot();
        if (turn % 4 == 0) return upright;
        using (upright) return upright.Rot((turn % 4) switch { 1 => Enums.Angle.D90, 2 => Enums.Angle.D180, _ => Enums.Angle.D270 });
    }

    /// <summary>What the exam asks for; where it names no size, a one-inch photo as large as its bytes let it be.</summary>
    private static (int Width, int Height) Target(PhotoJob job)
    {
        if (job is { Width: { } width, Height: { } height }) return (width, height);
        var wide = job.MinBytes > 0 ? 1180 : job.MaxBytes < 100_000 ? 413 : 590;
        return (wide, (int)Math.Round(wide / OneInch));
    }

    // enlarging what is not there helps nobody
    private static (int Width, int Height) Sized((int Width, int Height) target, double natural)
    {
        var wide = (int)Math.Clamp(natural, 295, target.Width);
        return (wide, (int)Math.Round(wide / OneInch));
    }

    /// <summary>The head takes three fifths of the height, with a tenth above; where none is known, as much as there is.</summary>
    private static Cut Suggested(Head? head, double ratio)
    {
        var most = Math.Min(1, 1 / ratio) is var height && height * ratio is var width ? new Cut((1 - width) / 2, (1 - height) / 4, width, height) : null!;
        if (head is null) return most;
        var tall = Math.Min(most.Height, head.Height / HeadOfPhoto);
        return new(head.Middle - tall * ratio / 2, head.Crown - tall * AboveHead, tall * ratio, tall);
    }

    /// <summary>Of the asked ratio, around the same middle, and within the picture.</summary>
    private static Cut Inside(Cut wanted, double ratio)
    {
        var width = Math.Clamp(wanted.Width, 0.02, Math.Min(1, ratio));
        var height = width / ratio;
        var (left, top) = (wanted.Left + (wanted.Width - width) / 2, wanted.Top + (wanted.Height - height) / 2);
        return new(Math.Clamp(left, 0, 1 - width), Math.Clamp(top, 0, 1 - height), width, height);
    }

    private static (List<string>, bool Set) Judge(Image photo, PhotoJob job, Head? head, Cut cut, Ground wholeGround, double natural, int wanted)
    {
        var findings = new List<string>();
        var small = Raster.Of(photo, SharpnessWidth * photo.Height / photo.Width > SharpnessWidth ? SharpnessWidth * photo.Height / photo.Width : SharpnessWidth);
        var ground = new Ground(small);
        var fault = ground.Fault(job.Ground);
        var set = fault is not null && job.SetGround && ground.IsPlain && wholeGround.IsPlain && head is not null;
        if (set) findings.Add("ground-set");
        else if (fault is not null) findings.Add(fault);
        if (natural < (job.Width is null ? 295 : wanted) * 0.8) findings.Add("too-small");
        else if (Sharpness.EdgeWidth(small) > Tuning.Blurred) findings.Add("blurred");
        if (wholeGround.IsBare) findings.Add("no-head");
        if (head is not null) findings.AddRange(OfHead(head, cut));
        findings.AddRange(OfLight(small, head, cut));
        return (findings, set);
    }

    private static IEnumerable<string> OfHead(Head head, Cut cut)
    {
        var share = head.Height / cut.Height;
        if (head.Crown < cut.Top - 0.01 || head.Crown + head.Height > cut.Top + cut.Height + 0.02 || head.Crown < 0.004) yield return "head-cut";
        else if (share > Tuning.LargestHead) yield return "head-large";
        else if (share < Tuning.SmallestHead) yield return "head-small";
    }

    /// <summary>How light the face is: its lower two thirds, where the hair is not; without a known head the middle of the photo.</summary>
    private static IEnumerable<string> OfLight(Raster small, Head? head, Cut cut)
    {
        var (top, bottom, middle) = head is null ? (0.3, 0.6, 0.5) : ((head.Crown + head.Height * 0.4 - cut.Top) / cut.Height, (head.Crown + head.Height * 0.9 - cut.Top) / cut.Height, (head.Middle - cut.Left) / cut.Width);
        double sum = 0;
        var count = 0;
        for (var y = Math.Max(0, (int)(top * small.Height)); y < Math.Min(small.Height, bottom * small.Height); y++)
            for (var x = Math.Max(0, (int)((middle - 0.12) * small.Width)); x < Math.Min(small.Width, (middle + 0.12) * small.Width); x++)
            {
                sum += small[x, y].L;
                count++;
            }
        if (count == 0) yield break;
        if (sum / count < Tuning.Dark) yield return "dark";
        if (sum / count > Tuning.Bright) yield return "bright";
    }
}

/// <summary>Where a measure becomes a finding; tuned on generated photos (ADR 22).</summary>
internal static class Tuning
{
    public const double Blurred = 1.7, SmallestHead = 0.35, LargestHead = 0.85, Dark = 30, Bright = 94;
}
