namespace ExamPlatform.Web.Tests;

public sealed class AddressTests
{
    /// <summary>Blazor escapes an attribute that is put together: an ampersand written escaped there is escaped twice, and what follows it is lost on the way.</summary>
    [Fact]
    public void No_page_escapes_an_address_that_is_escaped_for_it()
    {
        var pages = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "../../../../../frontends/web"), "*.razor", SearchOption.AllDirectories);

        Assert.NotEmpty(pages);
        Assert.DoesNotContain(pages.SelectMany(File.ReadLines), line => line.Contains("&amp;", StringComparison.Ordinal));
    }
}
