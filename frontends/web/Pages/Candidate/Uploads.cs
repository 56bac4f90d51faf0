using ExamPlatform.Web.Components;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>A file that a person chose is handed on as it flows, and waited for while it is examined.</summary>
public static class Uploads
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <param name="minBytes">What the exam asks for; told here and now, not only when all is sent in.</param>
    /// <param name="uploaded">What the script has sent before, in parts; the file then is not in the form.</param>
    /// <param name="contentType">Where it is known better than the browser knows it.</param>
    /// <returns>The upload once it is ready; null when something is wrong, which the errors then say.</returns>
    public static async Task<Upload?> Take(this Gateway gateway, IFormFile? file, string kind, string field, string key, Errors errors, TimeProvider clock, long minBytes = 0, long maxBytes = long.MaxValue, string uploaded = "", string? contentType = null)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (Guid.TryParse(uploaded, out var sent))
        {
            var there = (await gateway.Get<Upload>($"/api/documents/{sent}")).Expect();
            if (Fits(there.Bytes, field, errors, minBytes, maxBytes)) return await Examined(gateway, there, field, errors, clock);
            return null;
        }
        if (file is null || file.Length == 0)
        {
            errors.Add(field, Apply.FileMissing);
            return null;
        }
        if (!Fits(file.Length, field, errors, minBytes, maxBytes)) return null;
        await using var content = file.OpenReadStream();
        var reply = await gateway.Upload<Upload>($"/api/documents?kind={kind}", content, contentType ?? file.ContentType, key);
        if (reply.Problem is { } problem)
        {
            errors.Add(field, problem.Faults is [var fault, ..] ? Refusals.Words(fault, Apply.File) : Refusals.Words(problem));
            return null;
        }
        return await Examined(gateway, reply.Value!, field, errors, clock);
    }

    private static bool Fits(long bytes, string field, Errors errors, long minBytes, long maxBytes)
    {
        if (bytes <= maxBytes && bytes >= minBytes) return true;
        errors.Add(field, string.Format(System.Globalization.CultureInfo.InvariantCulture, bytes > maxBytes ? Apply.FileTooLarge : Apply.FileTooSmall, Size(bytes), Sizes(minBytes, maxBytes)));
        return false;
    }

    /// <summary>Waits until it has left quarantine.</summary>
    private static async Task<Upload?> Examined(Gateway gateway, Upload upload, string field, Errors errors, TimeProvider clock)
    {
        var since = clock.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(300), clock);
        while (upload.State == "quarantined" && clock.GetElapsedTime(since) < Patience && await tick.WaitForNextTickAsync())
            upload = (await gateway.Get<Upload>($"/api/documents/{upload.Id}")).Expect();
        if (upload.State == "rejected")
        {
            errors.Add(field, Apply.ResourceManager.GetString($"rejected-{upload.RejectedFor}", System.Globalization.CultureInfo.InvariantCulture) ?? Apply.FileRejected);
            return null;
        }
        return upload; // one still in quarantine is attached all the same: it is waited for when the application is sent in
    }

    /// <summary>A size as people say it.</summary>
    public static string Size(long bytes) => bytes >= 1_000_000 ? $"{bytes / 1_000_000.0:0.#} MB" : $"{bytes / 1024} KB";

    /// <summary>How large a file may be.</summary>
    public static string Sizes(long minBytes, long maxBytes) => string.Format(System.Globalization.CultureInfo.InvariantCulture, minBytes > 0 ? Apply.PhotoBetween : Apply.PhotoAtMost, Size(minBytes), Size(maxBytes));

    public static string Kinds(IEnumerable<string> contentTypes) => string.Join('、', contentTypes.Select(type => type.Split('/')[^1].ToUpperInvariant()));

    /// <summary>What kinds of file are taken, as the file chooser reads it.</summary>
    public static string Accept(IEnumerable<string> contentTypes) => string.Join(',', contentTypes);
}
