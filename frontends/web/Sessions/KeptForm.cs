using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Net.Http.Headers;

namespace ExamPlatform.Web.Sessions;

/// <summary>What somebody typed and sent when it could not be taken: the session had ended, the platform was away, the page was too old. It goes back to them, to be sent again.</summary>
/// <param name="Fields">Names and values in their order; files are not kept, they are chosen again.</param>
public sealed record KeptForm(string Action, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    private const string Antiforgery = "__RequestVerificationToken";

    /// <summary>Null where nothing was typed, or another site sent it.</summary>
    public static async Task<KeptForm?> Of(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType || !CameFromHere(request)) return null;
        var form = await request.ReadFormAsync(context.RequestAborted);
        return new(Address(context), [.. form.Where(field => field.Key != Antiforgery).SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? "")))]);
    }

    /// <summary>What was asked for: in an exception's handling the request's own path is that of the error page.</summary>
    public static string Address(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Request;
        return request.PathBase + (context.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? request.Path) + request.QueryString;
    }

    /// <summary>Another site must not be able to lay words into somebody's mouth that they then confirm.</summary>
    private static bool CameFromHere(HttpRequest request) => request.Headers.TryGetValue("Sec-Fetch-Site", out var site) ? site == "same-origin"
        : request.Headers.TryGetValue(HeaderNames.Origin, out var origin) && Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value;
}

/// <summary>Carries a kept form through signing in, unreadable and unchangeable for an hour.</summary>
public sealed class FormKeeper(IDataProtectionProvider protection)
{
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("kept-form").ToTimeLimitedDataProtector();

    public string Protect(KeptForm form) => protector.Protect(JsonSerializer.Serialize(form), TimeSpan.FromHours(1));

    public KeptForm? Open(string? kept)
    {
        if (string.IsNullOrEmpty(kept)) return null;
        try
        {
            return JsonSerializer.Deserialize<KeptForm>(protector.Unprotect(kept));
        }
        catch (CryptographicException)
        {
            return null; // too old, or not ours
        }
    }
}
