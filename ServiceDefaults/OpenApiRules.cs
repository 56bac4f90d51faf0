using Microsoft.AspNetCore.OpenApi;

namespace ExamPlatform;

/// <summary>What every service's part of the public API document has in common.</summary>
internal static class OpenApiRules
{
    public static void Apply(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Servers?.Clear(); // the address of one replica is nobody's business
            return Task.CompletedTask;
        });
    }
}
