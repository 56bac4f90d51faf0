using System.Globalization;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Components;

/// <summary>Says in Chinese, and with what to do, what the platform answered in codes.</summary>
public static class Refusals
{
    public static string Words(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return Find("refused", problem.Code) is { } words ? string.Format(CultureInfo.InvariantCulture, words, Moments.Say(problem.Detail("lockedUntil") ?? problem.Detail("until"))) : string.Format(CultureInfo.InvariantCulture, Codes.refused, problem.Code);
    }

    /// <param name="title">What the field is called on the page.</param>
    public static string Words(Fault fault, string title)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return string.Format(CultureInfo.InvariantCulture, Find("fault", fault.Code) ?? Codes.fault, title.Length > 0 ? title : Codes.thisItem);
    }

    private static string? Find(string kind, string code) => Codes.ResourceManager.GetString($"{kind}-{code}", CultureInfo.InvariantCulture);
}
