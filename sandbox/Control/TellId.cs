using ExamPlatform.Sandbox.IdRegistry;

namespace ExamPlatform.Sandbox.Control;

/// <summary>Tells the national registry what to say of a number.</summary>
public static class TellId
{
    /// <param name="Name">Whose number it is; null: there is no such number.</param>
    public sealed record Request(string Number, string? Name = null);

    public static IResult Handle(Request request, KnownIds known)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(known);
        known.Tell(request.Number, request.Name);
        return Results.NoContent();
    }
}
