using ExamPlatform.Web.Components;
using ExamPlatform.Web.Pages.Public;

namespace ExamPlatform.Web.Tests;

/// <summary>What is written by others never becomes more than text with links, and is found by whoever looks for it.</summary>
public sealed class ContentTests
{
    [Theory]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](JaVaScRiPt:alert(1))")]
    [InlineData("[x](&#106;avascript:alert(1))")]
    [InlineData("[x](<java script:alert(1)>)")]
    [InlineData("[x](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("[x](vbscript:x)")]
    [InlineData("[x](file:///etc/passwd)")]
    [InlineData("[x](//evil.example/)")]
    [InlineData("[x](/\\evil.example/)")]
    [InlineData("[x][1]\n\n[1]: javascript:alert(1)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("<a@b.cn>")]
    [InlineData("![x](javascript:alert(1))")]
    public void A_link_that_leads_astray_stays_as_its_words(string markdown) => Assert.DoesNotContain("<a", SafeMarkdown.ToHtml(markdown), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("https://www.nhc.gov.cn/a?b=c:d")]
    [InlineData("http://example.cn/")]
    [InlineData("/help/photo")]
    [InlineData("#part")]
    [InlineData("../a?t=09:00")]
    public void A_link_to_the_web_or_this_site_stays(string address) => Assert.Contains($"href=\"{address}\"", SafeMarkdown.ToHtml($"[链接]({address})"), StringComparison.Ordinal);

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("a <b onclick=x>b</b>")]
    [InlineData("![图](https://example.cn/x.png)")]
    public void No_markup_of_its_own_and_no_picture_from_elsewhere_gets_in(string markdown)
    {
        var html = SafeMarkdown.ToHtml(markdown);

        foreach (var tag in (string[])["<script", "<img", "<b "]) Assert.DoesNotContain(tag, html, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("# 甲\n\n### 乙\n\n# 丙", "h2 h3 h2")]
    [InlineData("### 甲\n\n# 乙", "h2 h2")]
    [InlineData("## 甲\n\n## 乙", "h2 h2")]
    [InlineData("# 一\n\n## 二\n\n### 三\n\n#### 四\n\n##### 五\n\n###### 六", "h2 h3 h4 h5 h6 h6")]
    public void Headings_follow_each_other_from_below_the_pages_own(string markdown, string levels) =>
        Assert.Equal(levels, string.Join(' ', System.Text.RegularExpressions.Regex.Matches(SafeMarkdown.ToHtml(markdown), "<(h[1-6])").Select(m => m.Groups[1].Value)));

    [Theory]
    [InlineData("上传照片", "照片怎样上传")]
    [InlineData("怎么上传照片？", "照片怎样上传")]
    [InlineData("缴费 退款", "怎样缴费")]
    [InlineData("ＢＭ考试", "BM考试说明")]
    [InlineData("bm", "BM考试说明")]
    [InlineData("钱", "怎样缴费")]
    public void What_is_asked_in_other_words_or_forms_is_found_first(string sought, string title) => Assert.Equal(title, HelpSearch.Find(Articles, sought)[0].Title);

    [Theory]
    [InlineData("火星登陆")]
    [InlineData("x<script>")]
    [InlineData("？？")]
    public void What_nothing_answers_finds_nothing(string sought) => Assert.Empty(HelpSearch.Find(Articles, sought));

    [Fact]
    public void A_title_counts_more_than_a_text_and_nothing_sought_is_all_in_order()
    {
        Assert.Equal(["怎样缴费", "照片怎样上传"], HelpSearch.Find(Articles, "缴费").Select(a => a.Title));
        Assert.Equal(Articles, HelpSearch.Find(Articles, "  "));
    }

    private static readonly HelpArticle[] Articles =
    [
        HelpArticle.Of("/a", "照片怎样上传", "在报名页面选择照片，上传以后裁剪。缴费以前可以更换。"),
        HelpArticle.Of("/b", "怎样缴费", "审核通过后付钱；退款请看说明。"),
        HelpArticle.Of("/c", "BM考试说明", "盲人医疗按摩人员考试。"),
    ];
}
