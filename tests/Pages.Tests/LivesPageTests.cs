using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;
using ExamPlatform.EndToEnd;

namespace ExamPlatform.Pages.Tests;

[Collection(PlatformCollection.Name)]
public sealed class LivesPageTests(RunningPlatform platform, Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData("BM")]
    [InlineData("HP")]
    [InlineData("NU")]
    [InlineData("ML")]
    [InlineData("FJ")]
    public async Task The_life_that_the_demo_shows_of_an_exam_goes_to_its_end_and_each_page_is_sound_in_each_state(string exam)
    {
        using var telling = new Telling(exam, null, TextWriter.Null);
        var tour = new Tour(browser, platform.Web);
        using var watched = platform.Watched(tour.Look);

        await DemoLives.All.Single(life => life.Exam == exam).Play(watched, telling);

        Assert.True(telling.Steps > 4);
        Assert.True(Tour.Looked > 10, $"only {Tour.Looked} pages");
        Looks.AreNone(tour.Faults);
    }
}
