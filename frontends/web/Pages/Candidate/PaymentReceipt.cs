using System.Net;
using ExamPlatform.Web.Gateways;

namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>A receipt of a payment or refund, handed on as the gateway gives it: as a page or as a PDF.</summary>
public static class PaymentReceipt
{
    public static Task Read(Guid id, HttpContext context, Gateway gateway) => Pass(id, "text/html", context, gateway);

    public static Task Print(Guid id, HttpContext context, Gateway gateway)
    {
        context.Response.Headers.ContentDisposition = $"inline; filename=receipt-{id:N}.pdf";
        return Pass(id, "application/pdf", context, gateway);
    }

    private static async Task Pass(Guid id, string type, HttpContext context, Gateway gateway)
    {
        using var answer = await gateway.Open($"/api/payments/receipts/{id}", type);
        if (answer.StatusCode is not HttpStatusCode.OK) throw new NotHereException();
        var headers = context.Response.Headers;
        (headers.ContentType, headers.CacheControl) = (answer.Content.Headers.ContentType?.ToString(), "private, no-store");
        if (answer.Headers.TryGetValues("Content-Security-Policy", out var policy)) headers.ContentSecurityPolicy = string.Join("; ", policy);
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
