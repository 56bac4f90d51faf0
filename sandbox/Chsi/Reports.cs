using System.Collections.Concurrent;

namespace ExamPlatform.Sandbox.Chsi;

public enum EducationCategory { HigherEducation, Secondary, Other }

public enum EducationLevel { Secondary, JuniorCollege, Bachelor, Master, Doctor }

/// <summary>An on-line report of education (学历电子注册备案表), found by its verification code.</summary>
/// <param name="Code">12 or 16 digits and capital letters.</param>
/// <param name="GraduatedOn">Month, YYYY-MM.</param>
/// <param name="BirthDate">ISO date; left out where the test does not care.</param>
public sealed record Report(string Code, string Name, string School, string Major, EducationLevel Level, string GraduatedOn, string CertificateNumber,
    EducationCategory Category = EducationCategory.HigherEducation, string? Degree = null, string? BirthDate = null);

/// <summary>The reports that tests have registered.</summary>
public sealed class Reports
{
    private readonly ConcurrentDictionary<string, Report> all = new(StringComparer.Ordinal);

    public void Keep(Report report) => all[report.Code] = report;

    public Report? Find(string code) => all.GetValueOrDefault(code);
}
