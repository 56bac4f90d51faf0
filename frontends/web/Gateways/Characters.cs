namespace ExamPlatform.Web.Gateways;

public sealed record RadicalLine(int Number, string Character, int Strokes, string Reading);

/// <param name="Next">Asked for as <c>after</c>; null on the last page.</param>
public sealed record FoundCharacters(int Total, IReadOnlyList<CharacterLine> Characters, string? Next);

/// <param name="ReadAs">The variant whose readings these are; null where they are its own.</param>
public sealed record CharacterLine(string Character, string Code, string RadicalCharacter, int Strokes, int Rest, IReadOnlyList<string> Readings, string? ReadAs);
