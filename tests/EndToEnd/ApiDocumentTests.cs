namespace ExamPlatform.EndToEnd;

[Collection(PlatformCollection.Name)]
public sealed class ApiDocumentTests(RunningPlatform platform)
{
    [Fact]
    public async Task The_API_document_in_the_repository_is_what_the_services_say()
    {
        var live = (await platform.Platform.Nobody.Get("/openapi/live.json")).Expect(200);

        var kept = (await platform.Platform.Nobody.Get("/openapi/v1.json")).Expect(200);

        Assert.True(kept.Text == live.Text, $"gateway/openapi.json is out of date (run the platform, then bash eng/openapi.sh); it differs at: {Difference(kept.Text, live.Text)}");
    }

    private static string Difference(string kept, string live)
    {
        var at = kept.Zip(live).TakeWhile(pair => pair.First == pair.Second).Count();
        return live.Substring(Math.Max(0, at - 100), Math.Min(200, live.Length - Math.Max(0, at - 100)));
    }
}
