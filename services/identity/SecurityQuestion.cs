using System.Text;

namespace ExamPlatform.Identities;

/// <summary>What a person may choose to be asked. A closed list: nobody is shown which one somebody chose.</summary>
public enum SecurityQuestion
{
    FirstSchool,
    FirstTeacher,
    ChildhoodFriend,
    BirthTown,
    FavouriteBook,
    FirstWorkplace,
    MotherName,
    FirstDish,
}

/// <summary>A question and the slow hash of its answer. Both have to be right.</summary>
public sealed class SecurityAnswer
{
    public Guid AccountId { get; init; }
    public SecurityQuestion Question { get; set; }

    /// <summary>Of the answer as <see cref="Key"/> has it; hashed as passwords are.</summary>
    public string AnswerHash { get; set; } = "";

    public DateTimeOffset SetAt { get; set; }

    /// <summary>What stays the same however it is typed: full-width or half-width, capitals or not, with blanks and punctuation or without.</summary>
    public static string Key(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return string.Concat(DocumentNumber.HalfWidth(typed).EnumerateRunes().Where(Rune.IsLetterOrDigit));
    }
}
