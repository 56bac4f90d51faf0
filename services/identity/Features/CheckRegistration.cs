using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// What registering would say of the input, while it is still being filled in. Nothing is looked up: whether a person is registered already is told only to who sends the whole registration.
/// </summary>
public static class CheckRegistration
{
    public static void MapCheckRegistration(this IEndpointRouteBuilder app) => app.MapPost("/api/identity/candidates/check", Check)
        .AllowAnonymous().WithName("check-registration").WithTags("identity").WithSummary("The faults of a registration, without registering. Leave empty what is not filled in yet.");

    private static Results<NoContent, ProblemHttpResult> Check(Registration entry, IOptions<IdentitySettings> settings, TimeProvider clock) =>
        entry.Check(settings.Value, Notice.Current.Version, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.AddHours(8))).Faults is { Any: true } faults ? faults.ToProblem() : TypedResults.NoContent();
}
