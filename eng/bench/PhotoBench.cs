using System.Diagnostics;
using ExamPlatform.Documents;
using ExamPlatform.Photos;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Bench;

/// <summary>The service's own pool with one worker: what becomes of good and of wrong photos, how long one takes, and whether files broken at random kill it.</summary>
internal static class PhotoBench
{
    // not the seeds by which the thresholds were tuned
    private const int GoodSeed = 700_001, WrongSeed = 700_002, FuzzSeed = 700_003, Each = 200, Broken = 10_000;
    private const double TargetMilliseconds = 250;
    private static readonly string[] Kinds = ["ground", "size", "blur", "truncated"];

    /// <returns>Whether the targets were met: nothing good refused, everything wrong named, p95 of the work under 250 ms, and the pool works after all of it.</returns>
    public static async Task<bool> RunAsync(TextWriter told, CancellationToken ct)
    {
        using var workers = new PhotoWorkers(Options.Create(new DocumentOptions { StorePath = "", PhotoWorkers = 1 }), NullLogger<PhotoWorkers>.Instance);
        var work = new List<double>();
        var (good, wrong) = (new GeneratedPhotos(GoodSeed), new GeneratedPhotos(WrongSeed));
        var refused = 0;
        for (var n = 0; n < Each; n++)
        {
            var photo = good.Next();
            var (answer, jpeg) = await Make(workers, photo, ct);
            work.Add(answer.Milliseconds);
            var fits = jpeg.Length >= photo.Job.MinBytes && jpeg.Length <= photo.Job.MaxBytes && (photo.Job.Width is not { } width || answer.Width == width);
            if (Stops(answer) is not "" || !fits) refused += await Tell(told, $"good photo {n} ({photo.Job.Ground}): {Stops(answer)} {answer.Width}x{answer.Height} {jpeg.Length} bytes");
        }
        await told.WriteLineAsync($"{refused} of {Each} good photos refused or not as the exam asks (to be 0)");
        var misnamed = 0;
        for (var n = 0; n < Each; n++)
        {
            var photo = wrong.Next(Kinds[n % Kinds.Length]);
            var (answer, _) = await Make(workers, photo, ct);
            if (answer.Refused is null) work.Add(answer.Milliseconds);
            if (!IsRight(photo.Wrong!, Stops(answer))) misnamed += await Tell(told, $"wrong photo {n} ({photo.Wrong}): '{Stops(answer)}'");
        }
        await told.WriteLineAsync($"{misnamed} of {Each} wrong photos ({string.Join(", ", Kinds)}) not named rightly and alone (to be 0)");
        work.Sort();
        double At(double share) => work[(int)((work.Count - 1) * share)];
        await told.WriteLineAsync($"work on one core: p50 {At(0.5):0} ms, p95 {At(0.95):0} ms, max {work[^1]:0} ms (p95 to stay under {TargetMilliseconds:0})");
        var survived = await Fuzz(workers, told, ct);
        return refused == 0 && misnamed == 0 && At(0.95) < TargetMilliseconds && survived;
    }

    private static async Task<bool> Fuzz(PhotoWorkers workers, TextWriter told, CancellationToken ct)
    {
        var (random, drawn) = (new Random(FuzzSeed), new GeneratedPhotos(FuzzSeed));
        var seeds = Enumerable.Range(0, 24).Select(_ => drawn.Next("size")).ToList(); // small ones: the decoders' paths are the same
        var (named, longest, started) = (new SortedDictionary<string, int>(StringComparer.Ordinal), 0.0, Stopwatch.GetTimestamp());
        for (var n = 0; n < Broken; n++)
        {
            var seed = seeds[random.Next(seeds.Count)];
            var before = Stopwatch.GetTimestamp();
            var (answer, _) = await Make(workers, seed with { Content = Break(seed.Content, random, seeds) }, ct);
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(before).TotalSeconds);
            var word = answer.Refused ?? "made";
            named[word] = named.GetValueOrDefault(word) + 1;
        }
        await told.WriteLineAsync($"{Broken} broken files in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, the longest {longest:0.0} s: {string.Join(", ", named.Select(word => $"{word.Value} {word.Key}"))}");
        var after = (await Make(workers, new GeneratedPhotos(GoodSeed).Next(), ct)).Answer;
        await told.WriteLineAsync(after.Refused is null ? "after them a good photo is made as before" : $"after them a good photo is refused: {after.Refused}");
        return after.Refused is null && longest < 20;
    }

    /// <summary>Bytes changed, cut out, doubled, taken from another file; mostly in the head, where the structure is.</summary>
    private static byte[] Break(byte[] content, Random random, List<GeneratedPhoto> others)
    {
        var broken = content.ToList();
        for (var changes = random.Next(1, 12); changes > 0; changes--)
        {
            var at = random.Next(random.Next(3) > 0 ? Math.Min(700, broken.Count) : broken.Count);
            var length = Math.Min(random.Next(1, 64), broken.Count - at);
            switch (random.Next(6))
            {
                case 0: broken.RemoveRange(at, length); break;
                case 1: broken.InsertRange(at, broken.GetRange(at, length)); break;
                case 2: broken.InsertRange(at, others[random.Next(others.Count)].Content.Skip(random.Next(600)).Take(length)); break;
                case 3: broken[at] = (byte)(random.Next(2) * 255); break;
                default: broken[at] = (byte)random.Next(256); break;
            }
            if (broken.Count < 2) break;
        }
        return [.. broken];
    }

    private static async Task<(PhotoAnswer Answer, byte[] Jpeg)> Make(PhotoWorkers workers, GeneratedPhoto photo, CancellationToken ct) =>
        await workers.MakeAsync(photo.Job, () => Task.FromResult<Stream>(new MemoryStream(photo.Content)), ct) ?? throw new InvalidOperationException("The pool is busy with nothing.");

    private static string Stops(PhotoAnswer answer) => answer.Refused ?? string.Join(',', (answer.Findings ?? []).Where(code => PhotoFinding.Of(code).Severity == PhotoFinding.Stop));

    private static bool IsRight(string wrong, string said) => wrong switch
    {
        "ground" => said is "ground-not-white" or "ground-not-blue" or "ground-uneven",
        "size" => said is "too-small",
        "blur" => said is "blurred",
        _ => said is "truncated",
    };

    private static async Task<int> Tell(TextWriter told, string line)
    {
        await told.WriteLineAsync(line);
        return 1;
    }
}
