using System.Text.RegularExpressions;
using ExamPlatform.Sandbox.Chsi;

namespace ExamPlatform.Sandbox.Control;

/// <summary>Puts a report into the register of higher education; one with the same code is replaced.</summary>
public static partial class RegisterReport
{
    public static IResult Handle(Report report, Reports reports)
    {
        if (!CodeFormat().IsMatch(report.Code)) return Results.Problem("A code has 12 or 16 digits and capital letters.", statusCode: 400);
        reports.Keep(report);
        return Results.NoContent();
    }

    [GeneratedRegex(@"\A([0-9A-Z]{12}|[0-9A-Z]{16})\z")]
    private static partial Regex CodeFormat();
}
