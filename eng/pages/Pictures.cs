namespace ExamPlatform.Pages;

/// <summary>Pictures of the main pages: as on a phone and on a desk, light and dark.</summary>
internal static class Pictures
{
    private static readonly (string Name, int Width, int Height, string Display)[] Ways = [("desk", 1200, 800, "light.100"), ("phone", 390, 800, "light.100"), ("dark", 1200, 800, "dark.100"), ("contrast-200", 390, 800, "contrast.200")];

    public static async Task<int> Take(Browser browser, IReadOnlyList<Visitor> people, string folder, TextWriter told)
    {
        foreach (var (way, width, height, display) in Ways)
        {
            foreach (var visitor in people)
            {
                var page = await browser.Open(visitor, width, height, display);
                foreach (var (name, address) in visitor.Pages)
                {
                    var response = await page.GotoAsync(address);
                    if (response is not { Status: 200 }) throw new InvalidOperationException($"{address} answered {response?.Status}.");
                    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, way, $"{name}.png"), FullPage = true });
                }
                await page.Context.CloseAsync();
            }
            await told.WriteLineAsync($"{way}: {people.Sum(p => p.Pages.Count)} pages");
        }
        return 0;
    }
}
