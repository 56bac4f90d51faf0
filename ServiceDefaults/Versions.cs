using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ExamPlatform;

/// <summary>Versions as entity tags, <c>ETag</c> out, <c>If-Match</c> in: the row's (<c>xmin</c>), or a count of its own where others write to the row too.</summary>
public static class Versions
{
    public static void SetETag(this HttpResponse response, long version) => response.Headers.ETag = $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>Compares <c>If-Match</c> with the row's version: missing 428, different 412, else null.</summary>
    public static IResult? CheckIfMatch(this HttpRequest request, long version)
    {
        var sent = request.Headers.IfMatch.ToString();
        if (sent.Length == 0) return Problems.Of(428, "if-match-required", "Send If-Match with the ETag you last read, so that nobody's changes are lost.");
        return sent == "*" || sent == $"\"{version.ToString(CultureInfo.InvariantCulture)}\"" ? null : Problems.Of(412, "changed-meanwhile", "It was changed meanwhile (another device?); read it again, compare and repeat.");
    }
}
