using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications;

/// <summary>
/// What a new platform opens with: <c>content/{programme}-{kind}.md</c>, the first line its title. Each is brought once, whatever officers make of it later: what they changed or withdrew stays so.
/// </summary>
public sealed class ArticleSeed(TimeProvider clock) : ISeed<NotificationDb>
{
    public async Task SeedAsync(NotificationDb db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "content"), "*.md").Order(StringComparer.Ordinal))
        {
            var id = IdOf(Path.GetFileNameWithoutExtension(file));
            if (await db.Articles.AnyAsync(a => a.Id == id, cancellationToken)) continue;
            db.Articles.Add(Read(id, Path.GetFileNameWithoutExtension(file), await File.ReadAllTextAsync(file, cancellationToken), clock.GetUtcNow()));
        }
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The same on every platform.</summary>
    public static Guid IdOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"content/{name}"))[..16]);

    private static Article Read(Guid id, string name, string content, DateTimeOffset now)
    {
        var (end, kind) = (content.IndexOf('\n', StringComparison.Ordinal), name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..]);
        var known = Enum.GetValues<ArticleKind>().Where(k => Words.Of(k) == kind).ToList();
        if (known.Count == 0 || !content.StartsWith("# ", StringComparison.Ordinal)) throw new InvalidOperationException($"content/{name}.md: name it {{programme}}-{{kind}}.md, and begin it with '# ' and its title.");
        var article = Article.Write(id, known[0], name[..name.IndexOf('-', StringComparison.Ordinal)], "", content[2..end].Trim(), content[end..].Trim(), Guid.Empty, now);
        article.Publish(null, null, Guid.Empty, now);
        return article;
    }
}
