using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ExamPlatform;

/// <summary>A rule said no. <paramref name="Code"/> is stable and becomes the problem type <c>urn:exam:{code}</c>; <paramref name="Detail"/> says what to do.</summary>
public sealed record Refusal(string Code, string Detail)
{
    /// <summary>409 Conflict, RFC 9457.</summary>
    public ProblemHttpResult ToProblem() => Problems.Of(StatusCodes.Status409Conflict, Code, Detail);
}

/// <summary>One fault of an input. <paramref name="Pointer"/> is a JSON pointer fragment, <c>#/mobile</c>.</summary>
public sealed record Fault(string Pointer, string Code, string Detail);

/// <summary>Collects every fault of an input before anything is refused.</summary>
public sealed class Faults
{
    private readonly List<Fault> found = [];

    public bool Any => found.Count > 0;
    public IReadOnlyList<Fault> All => found;

    /// <summary>Adds a fault at a field when <paramref name="wrong"/>. Nested fields are written <c>entries/0/school</c>.</summary>
    public Faults Add(bool wrong, string field, string code, string detail)
    {
        if (wrong) found.Add(new($"#/{field}", code, detail));
        return this;
    }

    public void AddRange(IEnumerable<Fault> faults) => found.AddRange(faults);

    /// <summary>400 Bad Request with all the faults, type <c>urn:exam:invalid-input</c>.</summary>
    public ProblemHttpResult ToProblem() => Problems.Invalid(found);
}

public static class Problems
{
    public const string TypePrefix = "urn:exam:";

    public static ProblemHttpResult Of(int status, string code, string detail, IDictionary<string, object?>? extensions = null) =>
        TypedResults.Problem(detail, statusCode: status, type: TypePrefix + code, title: Title(code), extensions: extensions);

    public static ProblemHttpResult Invalid(IReadOnlyList<Fault> faults) =>
        Of(StatusCodes.Status400BadRequest, "invalid-input", "The input has faults; each is listed with its place.", new Dictionary<string, object?> { ["errors"] = faults });

    /// <summary>404 without saying whether the thing exists for somebody else.</summary>
    public static ProblemHttpResult NotFound() => Of(StatusCodes.Status404NotFound, "not-found", "There is nothing here for you at this address.");

    private static string Title(string code) => string.Concat(char.ToUpperInvariant(code[0]), code[1..].Replace('-', ' '));
}
