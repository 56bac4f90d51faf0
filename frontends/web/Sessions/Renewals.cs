using System.Net;
using System.Security.Cryptography;
using System.Text;
using ExamPlatform.Web.Gateways;
using Microsoft.Extensions.Caching.Memory;

namespace ExamPlatform.Web.Sessions;

/// <summary>
/// Exchanges refresh tokens, each once: the platform ends a session whose refresh token is used twice, and a page, its pictures and its autosave come with the same cookie at the same moment.
/// Requests whose answer with the new cookie got lost find the successor here for a while. Replicas need their callers to come back to the same one (docs/adr/0018).
/// </summary>
public sealed class Renewals(IHttpClientFactory clients, IMemoryCache successors)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    /// <returns>Null when the session has ended.</returns>
    /// <exception cref="GatewayAwayException">It cannot be asked now.</exception>
    public async Task<Tokens?> Renew(string refreshToken)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(refreshToken)));
        var exchange = successors.GetOrCreate(key, entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = Remembered;
            return new Lazy<Task<Tokens?>>(() => Exchange(refreshToken));
        })!;
        try
        {
            return await exchange.Value;
        }
        catch (Exception e) when (e is not GatewayAwayException)
        {
            successors.Remove(key);
            throw new GatewayAwayException(null, e);
        }
        catch (GatewayAwayException)
        {
            successors.Remove(key);
            throw;
        }
    }

    private async Task<Tokens?> Exchange(string refreshToken)
    {
        using var response = await clients.CreateClient(nameof(Gateway)).PostAsJsonAsync("/api/identity/sessions/refresh", new { refreshToken });
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest) return null;
        if (!response.IsSuccessStatusCode) throw new GatewayAwayException(response.Headers.RetryAfter?.Delta);
        return await response.Content.ReadFromJsonAsync<Tokens>(Gateway.Json);
    }
}
