using System.Diagnostics;
using System.Text;
using ExamPlatform.Bench;
using ExamPlatform.Photos;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Documents.Tests;

/// <summary>What hostile pictures do to the workers: nothing that lasts.</summary>
public sealed class PhotoWorkersTests : IDisposable
{
    private static readonly PhotoJob Job = GeneratedPhotos.Exams[4];
    private readonly PhotoWorkers workers = new(Options.Create(new DocumentOptions { StorePath = "", PhotoWorkers = 1, PhotoPatience = TimeSpan.FromSeconds(5) }), NullLogger<PhotoWorkers>.Instance);
    private readonly byte[] good = new GeneratedPhotos(7).Next().Content;

    public static TheoryData<string, byte[], string> Hostile => new()
    {
        { "a PNG of 100,000 by 100,000", Files.Png(100_000, 100_000), "too-many-pixels" },
        { "a JPEG of 65,500 by 65,500", Files.Jpeg(65_500, 65_500), "too-many-pixels" },
        { "SVG", "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>"u8.ToArray(), "wrong-type" },
        { "GIF", "GIF89a\x01\0\x01\0\0\0\0;"u8.ToArray(), "wrong-type" },
        { "PDF that is also a JPEG", [.. Files.Pdf(), .. Files.Jpeg()], "wrong-type" },
        { "nothing", [], "wrong-type" },
        { "a JPEG's first bytes", [0xFF, 0xD8, 0xFF], "truncated" },
        { "a PNG without pixels", Files.Png(600, 800), "damaged" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task What_is_no_picture_is_named_and_the_next_one_is_made(string what, byte[] content, string named)
    {
        var answer = await Make(content);

        Assert.Equal((what, named), (what, answer.Refused));
        Assert.Null((await Make(good)).Refused);
    }

    [Fact]
    public async Task Bytes_changed_at_random_are_made_or_named_and_none_hangs()
    {
        var random = new Random(20261128);
        for (var n = 0; n < 60; n++)
        {
            var content = (byte[])good.Clone();
            for (var changes = random.Next(1, 40); changes > 0; changes--) content[random.Next(random.Next(2) == 0 ? 600 : content.Length)] = (byte)random.Next(256);

            Assert.True((await Make(content)).Refused is null or "truncated" or "damaged" or "wrong-type" or "too-many-pixels");
        }
        Assert.Null((await Make(good)).Refused);
    }

    [Theory]
    [InlineData("STOP", "too-hard")]
    [InlineData("KILL", null)]
    public async Task A_worker_that_hangs_is_killed_and_one_that_died_is_replaced(string signal, string? named)
    {
        await Make(good);
        var worker = Assert.Single(workers.Idle);
        using (var sent = Process.Start("kill", [$"-{signal}", $"{worker}"])) await sent.WaitForExitAsync();
        if (signal == "KILL") await Testing.Until.Async(() => Task.FromResult(!Directory.Exists($"/proc/{worker}")), what: "the worker is dead");

        Assert.Equal(named, (await Make(good)).Refused);

        Assert.Null((await Make(good)).Refused);
        Assert.NotEqual([worker], workers.Idle);
    }

    [Fact]
    public async Task A_worker_has_nothing_of_the_services_environment_and_is_held_to_its_limits()
    {
        await Make(good);
        var worker = Assert.Single(workers.Idle);

        Assert.DoesNotContain("PATH=", Encoding.UTF8.GetString(await File.ReadAllBytesAsync($"/proc/{worker}/environ")), StringComparison.Ordinal);
        var limits = await File.ReadAllLinesAsync($"/proc/{worker}/limits");
        foreach (var limit in (string[])["Max cpu time", "Max file size", "Max address space", "Max open files"])
            Assert.DoesNotContain("unlimited", Assert.Single(limits, line => line.StartsWith(limit, StringComparison.Ordinal))[26..46], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_when_too_many_wait_is_asked_to_come_again()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => workers.MakeAsync(Job, () => Task.FromResult<Stream>(new MemoryStream([1])), CancellationToken.None)));

        Assert.InRange(answers.Count(a => a is null), 1, 8);
        Assert.Null((await Make(good)).Refused);
    }

    private async Task<PhotoAnswer> Make(byte[] content) => (await workers.MakeAsync(Job, () => Task.FromResult<Stream>(new MemoryStream(content)), CancellationToken.None))!.Value.Answer;

    public void Dispose() => workers.Dispose();
}
