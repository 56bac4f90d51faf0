using ExamPlatform.Web.Components;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>A file that a person chose is handed on as it flows, and waited for while it is examined.</summary>
public static class Uploads
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <returns>The upload once it is ready; null when something is wrong, which the errors then say.</returns>
    public static async Task<Upload?> Take(this Gateway gateway, IFormFile? file, string kind, string field, string key, Errors errors, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (file is null || file.Length == 0)
        {
            errors.Add(field, Apply.FileMissing);
            return null;
        }
        await using var content = file.OpenReadStream();
        var reply = await gateway.Upload<Upload>($"/api/documents?kind={kind}", content, file.ContentType, key);
        if (reply.Problem is { } problem)
        {
            errors.Add(field, problem.Faults is [var fault, ..] ? Refusals.Words(fault, Apply.File) : Refusals.Words(problem));
            return null;
        }
        var (upload, since) = (reply.Value!, clock.GetTimestamp());
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
    public static string Size(long bytes) => bytes >= 1_000_000 ? $"{bytes / 1_000_000.0:0.#} MB" : $"{bytes / 1000} KB";

    /// <summary>What kinds of file are taken, as the file chooser reads it.</summary>
    public static string Accept(IEnumerable<string> contentTypes) => string.Join(',', contentTypes);
}
