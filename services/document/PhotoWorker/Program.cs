using ExamPlatform.Photos;
using NetVips;

// Makes photos of pictures nobody vouches for, one after the other: frames come on standard input and go on standard output. Ends when the input does.
const int MaxContent = 64 << 20, CpuSecondsPerJob = 10;

Log.SetLogHandler("VIPS", Enums.LogLevelFlags.All, static (_, _, _) => { }); // a warning about a picture is nobody's news
Cache.Max = 0;
NetVips.NetVips.Concurrency = 1;
Operation.Block("VipsForeignLoad", true); // nothing but these two is ever decoded, whatever the bytes pretend
Operation.Block("VipsForeignLoadJpeg", false);
Operation.Block("VipsForeignLoadPng", false);
Limits.Set();

await using var input = Console.OpenStandardInput();
await using var output = Console.OpenStandardOutput();
await Frames.WriteAsync(output, new PhotoAnswer(null), Stream.Null, 0, CancellationToken.None); // libvips is here and the limits are set
while (await Frames.ReadAsync<PhotoJob>(input, MaxContent, CancellationToken.None) is { } frame)
{
    Limits.GrantCpu(CpuSecondsPerJob);
    var (answer, made) = Maker.Make(frame.Head, frame.Content);
    using var content = new MemoryStream(made);
    await Frames.WriteAsync(output, answer, content, made.Length, CancellationToken.None);
}
