namespace ExamPlatform.Identities;

/// <summary>What a person registers as (身份类型, seed 004: 住院医师). Which there are is the platform's configuration.</summary>
/// <param name="Title">In the candidate's language.</param>
public sealed record IdentityType(string Code, string Title)
{
    public static IReadOnlyList<IdentityType> All(IdentitySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return [.. settings.IdentityTypes.OrderBy(type => type.Key, StringComparer.Ordinal).Select(type => new IdentityType(type.Key, type.Value))];
    }

    /// <summary>Where types are configured one has to be chosen; where none are, none is asked for.</summary>
    public static void Check(string? chosen, IdentitySettings settings, Faults faults)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(faults);
        faults.Add(chosen is null && settings.IdentityTypes.Count > 0, "identityType", "required", "Choose what you register as; GET /api/identity/notice lists the types.");
        faults.Add(chosen is not null && !settings.IdentityTypes.ContainsKey(chosen), "identityType", "not-a-choice", "This is none of the types that GET /api/identity/notice lists.");
    }

    /// <summary>What one was chosen as keeps its code when it is no longer offered.</summary>
    public static IdentityType? Of(Candidate candidate, IdentitySettings settings)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(settings);
        return candidate.IdentityType is { } code ? new(code, settings.IdentityTypes.GetValueOrDefault(code, code)) : null;
    }
}
