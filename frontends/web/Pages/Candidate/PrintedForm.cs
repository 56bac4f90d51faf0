using System.Net;
using ExamPlatform.Web.Gateways;

namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>The form of a submission to print: as a page at once, as a PDF when it is made, which is waited for here so that a link is enough.</summary>
public static class PrintedForm
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task Read(Guid id, int version, HttpContext context, Gateway gateway)
    {
        using var page = await gateway.Open(Address(id, version), "text/html");
        await Pass(page, context);
    }

    public static async Task Print(Guid id, int version, HttpContext context, Gateway gateway, TimeProvider clock)
    {
        var since = clock.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500), clock);
        while (true)
        {
            using var pdf = await gateway.Open(Address(id, version), "application/pdf");
            if (pdf.StatusCode is HttpStatusCode.Conflict || (pdf.StatusCode is HttpStatusCode.Accepted && clock.GetElapsedTime(since) > Patience))
            {
                context.Response.Redirect($"/applications/{id}/submissions/{version}?form={(pdf.StatusCode is HttpStatusCode.Conflict ? "failed" : "waiting")}");
                return;
            }
            if (pdf.StatusCode is not HttpStatusCode.Accepted)
            {
                context.Response.Headers.ContentDisposition = $"inline; filename=form-{version}.pdf";
                await Pass(pdf, context);
                return;
            }
            await tick.WaitForNextTickAsync(context.RequestAborted);
        }
    }

    private static string Address(Guid id, int version) => $"/api/applications/{id}/submissions/{version}/form";

    private static async Task Pass(HttpResponseMessage answer, HttpContext context)
    {
        if (!answer.IsSuccessStatusCode) throw new NotHereException();
        var headers = context.Response.Headers;
        (headers.ContentType, headers.CacheControl) = (answer.Content.Headers.ContentType?.ToString(), "private, no-store");
        if (answer.Content.Headers.ContentType?.MediaType is "text/html" && answer.Headers.TryGetValues("Content-Security-Policy", out var policy)) headers.ContentSecurityPolicy = string.Join("; ", policy);
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
