using System.Globalization;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Components;

/// <summary>The documents that people register with (B3), as choices of a form.</summary>
public static class DocumentTypes
{
    public const string Usual = "residentId";

    public static IReadOnlyList<Choice> All { get; } =
        [.. new[] { Usual, "hkMacaoTaiwanResidencePermit", "hkMacaoTravelPermit", "taiwanTravelPermit", "foreignPermanentResidentCard", "passport", "militaryId" }
            .Select(type => new Choice(type, PublicWords.ResourceManager.GetString($"document-{type}", CultureInfo.InvariantCulture)!))];
}
