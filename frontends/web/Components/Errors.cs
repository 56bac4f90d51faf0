namespace ExamPlatform.Web.Components;

/// <summary>What is wrong on a page: told at its field, and once more at the top with links.</summary>
public sealed class Errors
{
    private readonly List<(string Field, string Text)> all = [];

    public bool Any => all.Count > 0;
    public IReadOnlyList<(string Field, string Text)> All => all;

    /// <param name="field">The name of the input, or the address of the page where it is; empty where it is about the whole.</param>
    public void Add(string field, string text) => all.Add((field, text));

    public string? For(string field) => all.FirstOrDefault(error => error.Field == field).Text;
}
