using ExamPlatform.Sandbox.Sms;

namespace ExamPlatform.Sandbox.Control;

/// <summary>A person answers an SMS. The gateway hands it over in the background, as often as asked, and again until it is taken.</summary>
public static class ReplySms
{
    /// <param name="Repeat">How many copies of the one reply (same sequence id) go out side by side; 1 to 100.</param>
    public sealed record Request(string Phone, string Content, int Repeat = 1);

    public static IResult Handle(Request request, Replies replies)
    {
        if (request.Repeat is < 1 or > 100) return Results.Problem("repeat must be 1 to 100.", statusCode: 400);
        if (!replies.HaveAddress) return Results.Problem($"{AliyunSmsOptions.Section}:ReplyUrl is not set: nobody would hear the reply.", statusCode: 409);
        return Results.Ok(new { sequenceId = replies.Send(request.Phone, request.Content, request.Repeat) });
    }

    public static IEnumerable<ReplyAttempt> List(Replies replies, string? sequenceId = null) =>
        replies.Attempts.Where(attempt => sequenceId is null || attempt.SequenceId == sequenceId);
}
