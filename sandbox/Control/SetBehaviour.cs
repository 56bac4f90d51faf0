namespace ExamPlatform.Sandbox.Control;

public static class SetBehaviour
{
    public static IResult Handle(Behaviour behaviour, Behaviours behaviours)
    {
        if (behaviour is { Times: < 1 } or { DelaySeconds: < 0 or > 3600 } or { Status: < 200 or > 599 })
            return Results.Problem("times must be at least 1, delaySeconds 0 to 3600, status 200 to 599.", statusCode: 400);
        if (behaviour is { Effect: Effect.WrongSignature, Channel: Channel.Sms or Channel.Chsi } or { Effect: Effect.Undelivered, Channel: not Channel.Sms })
            return Results.Problem($"{behaviour.Channel} knows no {behaviour.Effect}.", statusCode: 400);
        behaviours.Add(behaviour);
        return Results.NoContent();
    }

    public static IReadOnlyList<Behaviour> List(Behaviours behaviours) => behaviours.Pending;

    public static IResult Clear(Behaviours behaviours)
    {
        behaviours.Clear();
        return Results.NoContent();
    }
}
