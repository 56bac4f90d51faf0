using ExamPlatform.Web.Gateways;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>
/// Where a bank sends the payer's browser back to. What it brings along is not looked at: whether it is paid is asked of the bank itself, by the page.
/// UnionPay posts a form from its own site, and so without the session's cookie; going there once more by an address brings that.
/// </summary>
public static class ReturnFromBank
{
    private sealed record Fee(Guid ApplicationId);

    public static RedirectHttpResult Again(Guid fee) => TypedResults.Redirect($"/payments/returned/{fee}");

    public static async Task<RedirectHttpResult> Arrive(Guid fee, Gateway gateway) => TypedResults.Redirect($"/applications/{(await gateway.Get<Fee>($"/api/payments/fees/{fee}")).Expect().ApplicationId}/payment?returned=yes");
}
