namespace ExamPlatform.Demo.Lives;

/// <summary>What <c>eng/run.sh --demo</c> plays.</summary>
public static class DemoLives
{
    /// <summary>One whole life per exam, in the order they are played.</summary>
    public static IReadOnlyList<(string Exam, Func<Platform, Telling, Task> Play)> All { get; } =
    [
        ("BM", async (platform, telling) =>
        {
            await new BmLife(platform, telling).Play();
            await new BmCounterLife(platform, telling).Play();
        }),
        ("HP", (platform, telling) => new HpLife(platform, telling).PlayOnSite()),
        ("NU", (platform, telling) => new NuLife(platform, telling).Play()),
        ("ML", (platform, telling) => new MlLife(platform, telling).Play()),
        ("FJ", (platform, telling) => new FjLife(platform, telling).Play()),
    ];
}
