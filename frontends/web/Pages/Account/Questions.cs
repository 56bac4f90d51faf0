using System.Globalization;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Pages.Account;

/// <summary>The questions that a person may choose to be asked, as identity knows them.</summary>
public static class Questions
{
    public static IReadOnlyList<Choice> All { get; } =
        [.. new[] { "firstSchool", "firstTeacher", "childhoodFriend", "birthTown", "favouriteBook", "firstWorkplace", "motherName", "firstDish" }.Select(code => new Choice(code, Title(code)))];

    public static string Title(string code) => AccountWords.ResourceManager.GetString($"question-{code}", CultureInfo.InvariantCulture)!;
}
