namespace ExamPlatform.Sandbox;

/// <summary>Plays one <see cref="Behaviour"/> around the real answer.</summary>
public static class Misbehaviour
{
    /// <summary>Returns false when the caller is to get no answer at all.</summary>
    /// <param name="fail">Writes the channel's own kind of error.</param>
    public static async Task<bool> Play(Behaviour? behaviour, HttpContext context, RequestDelegate answer, Func<Behaviour, Task> fail)
    {
        var services = context.RequestServices;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        if (behaviour is { DelaySeconds: > 0 })
            await Task.Delay(TimeSpan.FromSeconds(behaviour.DelaySeconds), services.GetRequiredService<TimeProvider>(), gone.Token);
        switch (behaviour?.Effect)
        {
            case Effect.Fail:
                await fail(behaviour);
                return true;
            case Effect.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, gone.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                return Break(context);
            case Effect.Drop:
                return Break(context);
            case Effect.LoseAnswer:
                await answer(context);
                return Break(context);
            default:
                await answer(context);
                return true;
        }
    }

    private static bool Break(HttpContext context)
    {
        context.Abort();
        return false;
    }
}
