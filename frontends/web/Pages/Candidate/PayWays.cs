namespace ExamPlatform.Web.Pages.Candidate;

/// <summary>What a candidate pays with, and where their browser may be sent to do it.</summary>
public static class PayWays
{
    /// <summary>Origins of banks that take a form, such as <c>https://gateway.95516.com</c>: the only ones, beside our own, to which a page may post.</summary>
    private const string BankOrigins = "Web:BankOrigins";

    private static readonly string[] Phones = ["Mobile", "Android", "iPhone", "iPad", "HarmonyOS"];

    public static void AddPayWays(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (Origins(builder.Configuration).FirstOrDefault(origin => !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin) is { } wrong)
            throw new InvalidOperationException($"Web__BankOrigins: '{wrong}' is no origin; write https://gateway.95516.com, without a path.");
    }

    private static string[] Origins(IConfiguration configuration) => configuration.GetSection(BankOrigins).Get<string[]>() ?? [];

    /// <summary>The platform's word for what this browser runs on: pc, mobile, weChat, miniProgram.</summary>
    public static string ClientOf(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var agent = request.Headers.UserAgent.ToString();
        if (agent.Contains("MicroMessenger", StringComparison.Ordinal) && !agent.Contains("WindowsWechat", StringComparison.Ordinal) && !agent.Contains("MacWechat", StringComparison.Ordinal))
            return agent.Contains("miniProgram", StringComparison.OrdinalIgnoreCase) ? "miniProgram" : "weChat";
        return Phones.Any(sign => agent.Contains(sign, StringComparison.Ordinal)) ? "mobile" : "pc";
    }

    /// <summary>Lets the page post to one bank.</summary>
    /// <returns>False where it is none of those that are known.</returns>
    public static bool Allow(HttpContext http, IConfiguration configuration, string address)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(configuration);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !Origins(configuration).Contains(uri.GetLeftPart(UriPartial.Authority))) return false;
        http.Items[typeof(PayWays)] = uri.GetLeftPart(UriPartial.Authority);
        return true;
    }

    public static string FormAction(HttpContext http) => http?.Items[typeof(PayWays)] is string origin ? $"'self' {origin}" : "'self'";
}
