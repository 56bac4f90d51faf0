namespace ExamPlatform.Notifications;

/// <summary>Where an article stands among the others: 通知公告, 政策法规, 考试大纲, 合格标准, 资料下载, 考试须知, 报名流程, 咨询方式, and help written by staff.</summary>
public enum ArticleKind { Announcement, Policy, Outline, PassStandard, Download, Note, Flow, Support, Help }

/// <summary>What an article is at a moment. Scheduled, Published and Over follow from its times alone: nothing has to run for an article to appear or to go.</summary>
public enum ArticleState { Draft, Scheduled, Published, Over, Withdrawn }

public enum ArticleVerb { Edit, Attach, Detach, Pin, Publish, Withdraw, Reopen }

/// <summary>What officers tell everybody, of one exam or of all, for one place or for the whole country. Its words are versions; what was published stays readable to officers.</summary>
public sealed class Article
{
    public const int LongestTitle = 100, LongestText = 50_000, LongestReason = 500, MostFiles = 20, LongestFileName = 100;

    /// <summary>Every legal step. What is published is not published again, so that nobody moves it by accident; what was withdrawn first becomes a draft.</summary>
    public static readonly IReadOnlySet<(ArticleState From, ArticleVerb Verb)> Legal = new HashSet<(ArticleState, ArticleVerb)>
    {
        (ArticleState.Draft, ArticleVerb.Attach), (ArticleState.Scheduled, ArticleVerb.Attach), (ArticleState.Published, ArticleVerb.Attach), (ArticleState.Over, ArticleVerb.Attach),
        (ArticleState.Draft, ArticleVerb.Detach), (ArticleState.Scheduled, ArticleVerb.Detach), (ArticleState.Published, ArticleVerb.Detach), (ArticleState.Over, ArticleVerb.Detach),
        (ArticleState.Draft, ArticleVerb.Edit), (ArticleState.Draft, ArticleVerb.Pin), (ArticleState.Draft, ArticleVerb.Publish),
        (ArticleState.Scheduled, ArticleVerb.Edit), (ArticleState.Scheduled, ArticleVerb.Pin), (ArticleState.Scheduled, ArticleVerb.Publish), (ArticleState.Scheduled, ArticleVerb.Withdraw),
        (ArticleState.Published, ArticleVerb.Edit), (ArticleState.Published, ArticleVerb.Pin), (ArticleState.Published, ArticleVerb.Withdraw),
        (ArticleState.Over, ArticleVerb.Edit), (ArticleState.Over, ArticleVerb.Publish), (ArticleState.Over, ArticleVerb.Withdraw),
        (ArticleState.Withdrawn, ArticleVerb.Reopen),
    };

    public Guid Id { get; init; }
    public ArticleKind Kind { get; init; }

    /// <summary>Null: of all exams.</summary>
    public string? ProgrammeCode { get; init; }

    /// <summary>For whom it is: a path of area codes, each ended by a slash; empty for the whole country. Who covers it may change it.</summary>
    public string AreaPath { get; init; } = "";
    public string Title { get; private set; } = "";

    /// <summary>Markdown. Whoever shows it lets neither markup of its own nor links other than http, https and relative ones through.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Of its words, from 1.</summary>
    public int Number { get; private set; }
    public bool Pinned { get; private set; }

    /// <summary>Seen by everybody from this moment on; null while it is a draft.</summary>
    public DateTimeOffset? From { get; private set; }

    /// <summary>And no longer from this one on; null: for good.</summary>
    public DateTimeOffset? Until { get; private set; }
    public DateTimeOffset? WithdrawnAt { get; private set; }
    public DateTimeOffset ChangedAt { get; private set; }
    public uint Version { get; init; }
    public List<ArticleVersion> Versions { get; } = [];
    public List<ArticleHistory> History { get; } = [];
    public List<ArticleFile> Files { get; } = [];

    public ArticleState StateAt(DateTimeOffset now) => this switch
    {
        { WithdrawnAt: not null } => ArticleState.Withdrawn,
        { From: null } => ArticleState.Draft,
        { From: { } from } when now < from => ArticleState.Scheduled,
        { Until: { } until } when now >= until => ArticleState.Over,
        _ => ArticleState.Published,
    };

    /// <param name="by">The officer; empty for what the platform brings along.</param>
    public static Article Write(Guid id, ArticleKind kind, string? programme, string areaPath, string title, string text, Guid by, DateTimeOffset now)
    {
        var article = new Article { Id = id, Kind = kind, ProgrammeCode = programme, AreaPath = areaPath };
        article.Keep(title, text, by, now);
        return article;
    }

    public Refusal? Edit(string title, string text, Guid by, DateTimeOffset now)
    {
        if (Refused(ArticleVerb.Edit, now) is { } refusal) return refusal;
        if ((title, text) == (Title, Text)) return null;
        Keep(title, text, by, now);
        Note(ArticleVerb.Edit, StateAt(now), by, now, null);
        return null;
    }

    /// <summary>A file of the document service; attached again, nothing changes.</summary>
    public Refusal? Attach(Guid document, string name, string contentType, long bytes, Guid by, DateTimeOffset now)
    {
        if (Refused(ArticleVerb.Attach, now) is { } refusal) return refusal;
        if (Files.Exists(f => f.DocumentId == document)) return null;
        if (Files.Count >= MostFiles) return new("too-many-files", $"An article has {MostFiles} files at most.");
        Files.Add(new() { ArticleId = Id, DocumentId = document, Name = name, ContentType = contentType, Bytes = bytes, AddedAt = now });
        Note(ArticleVerb.Attach, StateAt(now), by, now, name);
        return null;
    }

    public Refusal? Detach(ArticleFile file, Guid by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (Refused(ArticleVerb.Detach, now) is { } refusal) return refusal;
        Files.Remove(file);
        Note(ArticleVerb.Detach, StateAt(now), by, now, file.Name);
        return null;
    }

    public Refusal? Pin(bool pinned, Guid by, DateTimeOffset now)
    {
        if (Refused(ArticleVerb.Pin, now) is { } refusal) return refusal;
        if (pinned == Pinned) return null;
        Pinned = pinned;
        Note(ArticleVerb.Pin, StateAt(now), by, now, null);
        return null;
    }

    /// <param name="from">Null or a moment that has passed: at once.</param>
    public Refusal? Publish(DateTimeOffset? from, DateTimeOffset? until, Guid by, DateTimeOffset now)
    {
        if (Refused(ArticleVerb.Publish, now) is { } refusal) return refusal;
        var was = StateAt(now);
        (From, Until) = (from > now ? from : now, until);
        Note(ArticleVerb.Publish, was, by, now, null);
        return null;
    }

    public Refusal? Withdraw(string reason, Guid by, DateTimeOffset now)
    {
        if (Refused(ArticleVerb.Withdraw, now) is { } refusal) return refusal;
        var was = StateAt(now);
        (WithdrawnAt, Pinned) = (now, false);
        Note(ArticleVerb.Withdraw, was, by, now, reason);
        return null;
    }

    public Refusal? Reopen(Guid by, DateTimeOffset now)
    {
        if (Refused(ArticleVerb.Reopen, now) is { } refusal) return refusal;
        (WithdrawnAt, From, Until) = (null, null, null);
        Note(ArticleVerb.Reopen, ArticleState.Withdrawn, by, now, null);
        return null;
    }

    private Refusal? Refused(ArticleVerb verb, DateTimeOffset now) => Legal.Contains((StateAt(now), verb)) ? null
        : new($"article-{Words.Of(StateAt(now))}", $"The article is {Words.Of(StateAt(now))}: this cannot be done with it now.");

    private void Keep(string title, string text, Guid by, DateTimeOffset now)
    {
        (Title, Text, Number, ChangedAt) = (title, text, Number + 1, now);
        Versions.Add(new() { ArticleId = Id, Number = Number, Title = title, Text = text, SavedBy = by, SavedAt = now });
    }

    private void Note(ArticleVerb verb, ArticleState was, Guid by, DateTimeOffset now, string? reason)
    {
        ChangedAt = now;
        History.Add(new() { Id = Guid.CreateVersion7(now), ArticleId = Id, Verb = verb, Was = was, Became = StateAt(now), Number = Number, By = by, At = now, Reason = reason, From = From, Until = Until });
    }
}

/// <summary>The words as they were saved once. Never changed.</summary>
public sealed class ArticleVersion
{
    public Guid ArticleId { get; init; }
    public int Number { get; init; }
    public required string Title { get; init; }
    public required string Text { get; init; }
    public Guid SavedBy { get; init; }
    public DateTimeOffset SavedAt { get; init; }
}

/// <summary>What is downloaded with an article. Its content lies in the document service, which has looked for viruses.</summary>
public sealed class ArticleFile
{
    public Guid ArticleId { get; init; }
    public Guid DocumentId { get; init; }

    /// <summary>As it is called where it is saved.</summary>
    public required string Name { get; init; }
    public required string ContentType { get; init; }
    public long Bytes { get; init; }
    public DateTimeOffset AddedAt { get; init; }
}

/// <summary>A step of an article: who, when, from, to, why, and which words it had.</summary>
public sealed class ArticleHistory
{
    public Guid Id { get; init; }
    public Guid ArticleId { get; init; }
    public ArticleVerb Verb { get; init; }
    public ArticleState Was { get; init; }
    public ArticleState Became { get; init; }
    public int Number { get; init; }
    public Guid By { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>Why it was withdrawn; the name of a file that came or went.</summary>
    public string? Reason { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? Until { get; init; }
}
