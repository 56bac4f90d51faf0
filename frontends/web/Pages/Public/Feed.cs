using System.Globalization;
using System.Xml.Linq;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Pages.Public;

/// <summary>Announcements for those who follow them with a reader (Atom, RFC 4287), of one exam or of all.</summary>
public static class Feed
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    public static async Task<IResult> Read(HttpContext context, Contents published, ExamTitles titles, string? exam = null)
    {
        ArgumentNullException.ThrowIfNull(published);
        ArgumentNullException.ThrowIfNull(titles);
        ArgumentNullException.ThrowIfNull(context);
        var exams = await titles.All();
        if (exam is not null && exams.Find(exam) is null) throw new NotHereException();
        var page = (await published.List("announcement", exam, 1)).Expect();
        var (site, newest) = ($"{context.Request.Scheme}://{context.Request.Host}", page.Items.Select(a => a.ChangedAt).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max());
        context.Response.Headers.CacheControl = "public, max-age=60";
        var feed = new XElement(Atom + "feed",
            new XElement(Atom + "id", $"{site}/announcements{(exam is null ? "" : $"/{exam}")}"),
            new XElement(Atom + "title", $"{(exam is null ? Site.Name : exams.Programme(exam))} {Contents.Title("announcement")}"),
            new XElement(Atom + "updated", Time(newest)),
            new XElement(Atom + "author", new XElement(Atom + "name", Site.Name)),
            new XElement(Atom + "link", new XAttribute("rel", "self"), new XAttribute("href", $"{site}{context.Request.Path}{context.Request.QueryString}")),
            page.Items.Select(article => new XElement(Atom + "entry",
                new XElement(Atom + "id", $"urn:uuid:{article.Id}"),
                new XElement(Atom + "title", article.Title),
                new XElement(Atom + "published", Time(article.At)),
                new XElement(Atom + "updated", Time(article.ChangedAt)),
                new XElement(Atom + "link", new XAttribute("href", $"{site}/articles/{article.Id}")))));
        return TypedResults.Text("""<?xml version="1.0" encoding="utf-8"?>""" + "\n" + feed, "application/atom+xml", System.Text.Encoding.UTF8);
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
