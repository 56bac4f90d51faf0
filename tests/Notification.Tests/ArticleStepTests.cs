namespace ExamPlatform.Notifications.Tests;

/// <summary>What may be done with an article in which state, and what it leaves behind.</summary>
public sealed class ArticleStepTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 12, 4, 0, 0, TimeSpan.Zero);
    private static readonly Guid Officer = Guid.NewGuid();

    public static TheoryData<ArticleState, ArticleVerb> Steps
    {
        get
        {
            var steps = new TheoryData<ArticleState, ArticleVerb>();
            foreach (var state in Enum.GetValues<ArticleState>())
                foreach (var verb in Enum.GetValues<ArticleVerb>()) steps.Add(state, verb);
            return steps;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void Every_step_out_of_the_table_is_refused_and_changes_nothing(ArticleState state, ArticleVerb verb)
    {
        var article = In(state);
        var before = (article.History.Count, article.Number, article.Pinned);

        var refusal = Do(article, verb);

        Assert.Equal(Article.Legal.Contains((state, verb)), refusal is null);
        if (refusal is not null) Assert.Equal((before, state), ((article.History.Count, article.Number, article.Pinned), article.StateAt(Now)));
        else Assert.Equal((verb, state, article.StateAt(Now), Officer), article.History[^1] is var step ? (step.Verb, step.Was, step.Became, step.By) : default);
    }

    [Fact]
    public void What_is_withdrawn_is_pinned_no_longer_and_reopened_it_is_a_draft()
    {
        var article = In(ArticleState.Published);
        article.Pin(true, Officer, Now);

        article.Withdraw("有误", Officer, Now);
        Assert.False(article.Pinned);
        article.Reopen(Officer, Now);

        Assert.Equal((ArticleState.Draft, null, null), (article.StateAt(Now), article.From, article.Until));
    }

    [Fact]
    public void What_changes_nothing_is_no_step_and_no_version()
    {
        var article = In(ArticleState.Published);
        article.Pin(true, Officer, Now);
        var file = article.Files[0];
        var before = (article.History.Count, article.Versions.Count, article.Files.Count);

        article.Edit(article.Title, article.Text, Officer, Now);
        article.Pin(true, Officer, Now);
        article.Attach(file.DocumentId, file.Name, file.ContentType, file.Bytes, Officer, Now);

        Assert.Equal(before, (article.History.Count, article.Versions.Count, article.Files.Count));
    }

    [Fact]
    public void An_article_has_twenty_files_at_most()
    {
        var article = In(ArticleState.Draft);
        for (var n = article.Files.Count; n < 20; n++) Assert.Null(article.Attach(Guid.NewGuid(), $"{n}.pdf", "application/pdf", 1, Officer, Now));

        Assert.Equal("too-many-files", article.Attach(Guid.NewGuid(), "21.pdf", "application/pdf", 1, Officer, Now)?.Code);
        Assert.Equal(20, article.Files.Count);
    }

    [Fact]
    public void A_moment_that_has_passed_is_now()
    {
        var article = In(ArticleState.Draft);

        article.Publish(Now.AddDays(-3), null, Officer, Now);

        Assert.Equal(Now, article.From);
    }

    private static Article In(ArticleState state)
    {
        var article = Article.Write(Guid.NewGuid(), ArticleKind.Policy, null, "", "标题", "内容", Officer, Now.AddDays(-9));
        article.Attach(Guid.NewGuid(), "附件.zip", "application/zip", 10, Officer, Now.AddDays(-9));
        if (state is ArticleState.Scheduled) article.Publish(Now.AddDays(1), null, Officer, Now.AddDays(-8));
        if (state is ArticleState.Published or ArticleState.Withdrawn) article.Publish(null, null, Officer, Now.AddDays(-8));
        if (state is ArticleState.Over) article.Publish(null, Now.AddDays(-1), Officer, Now.AddDays(-8));
        if (state is ArticleState.Withdrawn) article.Withdraw("有误", Officer, Now.AddDays(-7));
        Assert.Equal(state, article.StateAt(Now));
        return article;
    }

    private static Refusal? Do(Article article, ArticleVerb verb) => verb switch
    {
        ArticleVerb.Edit => article.Edit("新标题", "新内容", Officer, Now),
        ArticleVerb.Attach => article.Attach(Guid.NewGuid(), "报名表.pdf", "application/pdf", 1000, Officer, Now),
        ArticleVerb.Detach => article.Detach(article.Files[0], Officer, Now),
        ArticleVerb.Pin => article.Pin(true, Officer, Now),
        ArticleVerb.Publish => article.Publish(null, Now.AddDays(3), Officer, Now),
        ArticleVerb.Withdraw => article.Withdraw("有误", Officer, Now),
        _ => article.Reopen(Officer, Now),
    };
}
