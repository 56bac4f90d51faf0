using ExamPlatform.Sandbox.FaceVerification;

namespace ExamPlatform.Sandbox.Control;

/// <summary>A person has been before the camera.</summary>
public static class FinishFace
{
    /// <param name="Number">Whose verification, the one that waits.</param>
    /// <param name="Liveness">Whether they lived; a photograph does not.</param>
    public sealed record Request(string Number, bool Passed = true, bool Liveness = true);

    public static IResult Handle(Request request, Verifications verifications)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(verifications);
        if (verifications.Waiting(request.Number) is not { } waiting) return Results.Problem("No verification of this number waits.", statusCode: 404);
        verifications.Finish(waiting, request.Passed, request.Liveness);
        return Results.NoContent();
    }
}
