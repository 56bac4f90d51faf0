namespace ExamPlatform.Applications;

// What belongs to a session: windows, areas and their policies, bases, batches, plans, what is made public.
internal sealed partial class ProgrammeRules
{
    private void CheckPlans()
    {
        faults.Add(programme.Preferences is { Most: < 1 or > 10 }, "preferences/most", "out-of-range", "1 to 10.");
        Each(programme.Sessions, "sessions", (session, path) =>
        {
            var (bases, batches, plans) = (session.Bases ?? [], session.Batches ?? [], session.Plans ?? []);
            faults.Add(programme.Preferences is not null && (bases.Count == 0 || batches.Count == 0 || plans.Count == 0), $"{path}/plans", "empty", "Preferences need bases, batches and plans.");
            Unique(bases.Select(b => b.Code), $"{path}/bases");
            Unique(batches.Select(b => b.Code), $"{path}/batches");
            Unique(plans.Select(p => $"{p.Batch} {p.Base} {p.Speciality}"), $"{path}/plans");
            Each(bases, $"{path}/bases", (b, at) => faults.Add(!Code(b.Code), $"{at}/code", "not-a-code", "Letters, digits and hyphens, at most 40.")
                .Add(session.Areas.All(a => a.Area != b.Area), $"{at}/area", "unknown-area", "Name one of the session's areas.").Add(!AreaTree.IsSiteOf(b.Site, b.Area), $"{at}/site", "unknown-site", "Name a city of the base's area."));
            Each(batches, $"{path}/batches", (b, at) => faults.Add(!Code(b.Code), $"{at}/code", "not-a-code", "Letters, digits and hyphens, at most 40.").Add(b.Until <= b.From, $"{at}/until", "ends-before-it-begins", "The end lies after the beginning."));
            Each(plans, $"{path}/plans", (p, at) => faults.Add(bases.All(b => b.Code != p.Base), $"{at}/base", "unknown-base", "Name one of the session's bases.").Add(batches.All(b => b.Code != p.Batch), $"{at}/batch", "unknown-batch", "Name one of the session's batches.")
                .Add(p.Quota is < 0 or > 100_000, $"{at}/quota", "out-of-range", "0 to 100000 places.").Add(p.Speciality.Length is 0 or > 60, $"{at}/speciality", "empty", "Name the speciality, in at most 60 characters."));
        });
    }

    private void CheckPublicNotice()
    {
        if (programme.PublicNotice is not { } notice) return;
        faults.Add(programme.Stages.All(s => s.Code != notice.Stage), "publicNotice/stage", "unknown-stage", "Name one of the stages.").Add(notice.By is DeciderLevel.Point, "publicNotice/by", "too-low", "Notices are put up by a site, an area or the whole country.")
            .Add(notice.Days is < 1 or > 30, "publicNotice/days", "out-of-range", "1 to 30 days.");
        Unique(notice.Columns.Select(c => c.ToString()), "publicNotice/columns");
        Each(notice.Columns, "publicNotice/columns", (column, path) => faults.Add(column is NoticeColumn.Base or NoticeColumn.Speciality && programme.Preferences is null, path, "no-places", "Bases and specialities are held where places are preferred; this exam has none."));
    }

    private void CheckPolicies()
    {
        Unique(programme.AreaPolicies.Select(p => p.Code), "areaPolicies");
        Each(programme.AreaPolicies, "areaPolicies", (policy, path) =>
        {
            faults.Add(!Code(policy.Code), $"{path}/code", "not-a-code", "Letters, digits and hyphens, at most 40.");
            if (policy.Payment is not { } payment) return;
            faults.Add(programme.Preferences is not null, $"{path}/payment", "place-gone", "A fee that is missed gives the place to somebody else, while the bank may still say it was paid; an exam with preferences takes no fee.");
            WindowIsThere(payment.Window, $"{path}/payment/window");
            faults.Add(payment.Channels.Count == 0, $"{path}/payment/channels", "empty", "Name a channel, or leave payment out.");
            Known(payment.Channels, Channels, $"{path}/payment/channels");
            Unique(payment.Channels, $"{path}/payment/channels");
            Each(payment.Channels, $"{path}/payment/channels", (channel, at) => faults.Add(!payment.Mobile && OnPhones.Contains(channel), at, "phone-channel", "Paying on a phone is not open here (mobile): leave this channel out."));
            faults.Add(payment.Fee.Parts(programme, programme.Subjects).Any(p => p.AmountInFen is <= 0 or > 10_000_000), $"{path}/payment/fee", "out-of-range", "A fee is 1 to 10000000 fen.");
        });
    }

    private void CheckSessions()
    {
        Unique(programme.Sessions.Select(s => s.Code), "sessions");
        Each(programme.Sessions, "sessions", (session, path) =>
        {
            faults.Add(!Code(session.Code), $"{path}/code", "not-a-code", "Letters, digits and hyphens, at most 40.").Add(session.Windows.All(w => w.Kind != WindowKind.Registration), $"{path}/windows", "window-missing", "Every session has a registration window.");
            Windows(session.Windows, $"{path}/windows");
            faults.Add(session.Trial is { DiscardAfterDays: < 1 or > 90 }, $"{path}/trial/discardAfterDays", "out-of-range", "1 to 90 days.");
            faults.Add(session.Areas.Count == 0, $"{path}/areas", "empty", "Name the areas that take part.");
            Unique(session.Areas.Select(a => a.Area), $"{path}/areas");
            Each(session.Areas, $"{path}/areas", (area, at) =>
            {
                faults.Add(!AreaTree.IsProvince(area.Area), $"{at}/area", "unknown-area", "Write the code of a province (GB/T 2260), such as 110000.");
                faults.Add(programme.AreaPolicies.All(p => p.Code != area.Policy), $"{at}/policy", "unknown-policy", $"Name one of: {string.Join(", ", programme.AreaPolicies.Select(p => p.Code))}.");
                Windows(area.Windows, $"{at}/windows");
            });
        });
    }

    private void Windows(IReadOnlyList<Window> windows, string path)
    {
        Unique(windows.Select(w => w.Kind.ToString()), path);
        Each(windows, path, (window, at) => faults.Add(window.Until <= window.From, $"{at}/until", "ends-before-it-begins", "The end lies after the beginning."));
    }
}
