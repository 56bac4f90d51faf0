namespace ExamPlatform.Applications;

/// <summary>What is answered in an application and lacking in the profile is kept in the profile (E2).</summary>
public static class WriteBack
{
    /// <summary>What the profile holds stays. A group comes into being only whole; what the profile's own rules would refuse is left out.</summary>
    public static ProfileGroups FilledWith(this ProfileGroups groups, IReadOnlyDictionary<Prefill, string> answers, DateOnly today)
    {
        string? Answered(Prefill prefill) => answers.GetValueOrDefault(prefill);
        return groups with
        {
            Contact = With(groups.Contact ?? Made(Answered(Prefill.ContactAddress), Answered(Prefill.ContactPostcode), (address, postcode) => new ContactGroup(address, postcode), today), today,
                contact => contact with { Email = contact.Email ?? Answered(Prefill.ContactEmail) }),
            Work = With(groups.Work ?? Made(Answered(Prefill.WorkEmployer), Answered(Prefill.WorkSince), (employer, since) => new WorkGroup(employer, null, since), today), today,
                work => work with { EmployerKind = work.EmployerKind ?? Answered(Prefill.WorkEmployerKind) },
                work => work with { Post = work.Post ?? Answered(Prefill.WorkPost) },
                work => work with { Title = work.Title ?? Answered(Prefill.WorkTitle) },
                work => work with { TitleSince = work.TitleSince ?? Answered(Prefill.WorkTitleSince) },
                work => work with { Duty = work.Duty ?? Answered(Prefill.WorkDuty) }),
        };
    }

    private static TGroup? Made<TGroup>(string? first, string? second, Func<string, string, TGroup> make, DateOnly today) where TGroup : class, IProfileGroup =>
        first is not null && second is not null && make(first, second) is var made && !made.Check(today).Any ? made : null;

    private static TGroup? With<TGroup>(TGroup? group, DateOnly today, params Func<TGroup, TGroup>[] changes) where TGroup : class, IProfileGroup
    {
        foreach (var change in changes)
            if (group is not null && change(group) is var changed && !changed.Check(today).Any) group = changed;
        return group;
    }
}
