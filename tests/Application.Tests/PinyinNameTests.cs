namespace ExamPlatform.Applications.Tests;

public sealed class PinyinNameTests(ApplicationFixture service) : IClassFixture<ApplicationFixture>
{
    [Theory]
    [InlineData("张ji", "residentId", true)]
    [InlineData("张jí", "passport", true)]
    [InlineData("Zhang Ji", "residentId", true)]
    [InlineData("Jean-Luc O'Neill", "passport", false)]
    [InlineData("Jean-Luc O'Neill", "foreignPermanentResidentCard", false)]
    [InlineData("买买提·艾合买提", "residentId", false)]
    [InlineData("张\U00020BB7", "residentId", false)]
    [InlineData("张\U000323B0", "residentId", false)]
    public void Pinyin_in_a_name_is_seen_where_the_document_has_none(string name, string documentType, bool flagged) => Assert.Equal(flagged, PinyinName.Is(name, documentType));

    [Theory]
    [InlineData("张ji", true)]
    [InlineData("张\U00020BB7", false)]
    public async Task A_name_with_pinyin_is_flagged_on_the_form(string name, bool flagged)
    {
        service.Identity.Name = name;
        var person = await (await (await (await service.APerson()).Start()).Fill()).Submit();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{person.Address}/submissions/1/form") { Headers = { { "Accept", "text/html" } } };

        var page = await (await person.Http.SendAsync(request)).Content.ReadAsStringAsync();

        Assert.Equal(flagged, page.Contains("<th scope=\"row\">姓名提示</th><td>含拼音，请与证件核对</td>", StringComparison.Ordinal));
    }
}
