using System.Text.RegularExpressions;

namespace ExamPlatform.EndToEnd;

/// <summary>Reads every answer that any test gets: none may show our insides.</summary>
public sealed partial class WatchedAnswers() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType is not { } type || !type.EndsWith("json", StringComparison.Ordinal)) return response;
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        Assert.DoesNotMatch(Insides(), await response.Content.ReadAsStringAsync(cancellationToken));
        Assert.NotEqual(500, (int)response.StatusCode);
        return response;
    }

    /// <summary>A stack trace, an exception's or a driver's name, SQL, a connection, a path of a machine.</summary>
    [GeneratedRegex(@"\n\s+at |[A-Za-z]Exception\b|Npgsql|MassTransit|\bselect\s.+\sfrom\s|\binsert\s+into\b|SQLSTATE|Password=|amqp://|/bin/|\.cs:line", RegexOptions.IgnoreCase)]
    private static partial Regex Insides();
}
