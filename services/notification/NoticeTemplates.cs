using System.Text.Json;
using System.Text.RegularExpressions;

namespace ExamPlatform.Notifications;

/// <summary>A file of <c>templates/</c>: <c>default.json</c> has every event, <c>{programme code}.json</c> those that a programme words otherwise.</summary>
public sealed record TemplateFile(IReadOnlyDictionary<NoticeEvent, NoticeTemplate> Events, TemplateWords? Words = null);

/// <param name="DateFormat">A .NET format; times are told in Beijing time.</param>
/// <param name="NoDue">Stands where an event names no deadline.</param>
/// <param name="Trial">Begins title and text of what is about a practice.</param>
/// <param name="SmsSignature">What the gateways put before each text, 【】 included: it counts.</param>
/// <param name="MostSmsParts">How many parts the longest SMS may have: each is paid for.</param>
/// <param name="Route">Channels outside of the platform, step by step (<see cref="Notifications.Route"/>).</param>
/// <param name="Longest">For each placeholder the longest value that comes in practice: lengths are checked with it, and the preview shows it.</param>
public sealed record TemplateWords(string DateFormat, string NoDue, string ReasonSeparator, string Trial, string SmsSignature, int MostSmsParts, IReadOnlyList<IReadOnlyList<DeliveryChannel>> Route,
    IReadOnlyDictionary<string, string> Longest);

/// <param name="Inbox">Null for <see cref="NoticeEvent.SmsCode"/>, and only there.</param>
/// <param name="Sms">Null: this event does not go by SMS; likewise the others.</param>
public sealed record NoticeTemplate(InboxTemplate? Inbox = null, SmsTemplate? Sms = null, FieldTemplate? WeChat = null, FieldTemplate? MiniProgram = null, FieldTemplate? Baidu = null)
{
    /// <summary>The fields that go by a channel of another platform.</summary>
    public FieldTemplate? Fields(DeliveryChannel channel) => channel switch { DeliveryChannel.WeChat => WeChat, DeliveryChannel.MiniProgram => MiniProgram, DeliveryChannel.Baidu => Baidu, _ => null };

    public bool Has(DeliveryChannel channel) => channel switch { DeliveryChannel.Inbox => Inbox is not null, DeliveryChannel.Sms => Sms is not null, _ => Fields(channel) is not null };
}

public sealed record InboxTemplate(string Title, string Text);

/// <param name="Text">As registered with the gateway, where a placeholder is written <c>${name}</c>; what is sent are the values.</param>
public sealed record SmsTemplate(string Text);

/// <param name="Fields">As registered with the other platform: field → what stands in it. A value too long for its field is shortened where nothing but one placeholder stands there.</param>
public sealed record FieldTemplate(IReadOnlyDictionary<string, string> Fields);

/// <summary>The words of all notices, checked as a whole when the service starts.</summary>
public sealed partial class NoticeTemplates
{
    /// <summary>The person's name, in an SMS only: several people share one phone, and the inbox, which is kept, is one person's.</summary>
    public const string PersonName = "name";

    private static readonly string[] Common = ["programme", "session", "area", "at"];
    private static readonly JsonSerializerOptions Json = new JsonSerializerOptions { ReadCommentHandling = JsonCommentHandling.Skip }.UsePlatformRules();
    private readonly IReadOnlyDictionary<string, TemplateFile> files;

    private NoticeTemplates(IReadOnlyDictionary<string, TemplateFile> files) => this.files = files;

    public TemplateWords Words => files["default"].Words!;

    /// <summary>The file of each programme that words something otherwise, by its code, and <c>default</c>.</summary>
    public IReadOnlyDictionary<string, TemplateFile> Files => files;

    public bool HasSms(NoticeEvent of) => files["default"].Events[of].Sms is not null;

    /// <summary>Every text of a channel: the event, and the programme that has its own; null for that of all.</summary>
    public IEnumerable<(NoticeEvent Event, string? Programme)> With(DeliveryChannel channel) =>
        files.SelectMany(file => file.Value.Events.Where(e => e.Value.Has(channel)).Select(e => (e.Key, file.Key == "default" ? null : file.Key)));

    /// <summary>Whose template an event of this programme has: its code, or null for that of all.</summary>
    public string? OwnerOf(NoticeEvent of, string? programmeCode) => programmeCode is not null && files.TryGetValue(programmeCode, out var own) && own.Events.ContainsKey(of) ? programmeCode : null;

    /// <summary>The first step of an event's route from <paramref name="from"/> on that has channels which are on; null where none is left.</summary>
    public (int Step, IReadOnlyList<DeliveryChannel> Channels)? StepOf(NoticeEvent of, int from, Func<DeliveryChannel, bool> isOn)
    {
        var template = files["default"].Events[of];
        for (var step = from; step < Words.Route.Count; step++)
            if (Words.Route[step].Where(channel => template.Has(channel) && isOn(channel)).ToList() is { Count: > 0 } channels) return (step, channels);
        return null;
    }

    public NoticeTemplate For(NoticeEvent of, string? programmeCode) =>
        programmeCode is not null && files.TryGetValue(programmeCode, out var own) && own.Events.TryGetValue(of, out var template) ? template : files["default"].Events[of];

    /// <exception cref="InvalidOperationException">Says every fault of every file.</exception>
    public static NoticeTemplates Load(string folder)
    {
        var faults = new List<string>();
        var files = new Dictionary<string, TemplateFile>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                files[Path.GetFileNameWithoutExtension(path)] = JsonSerializer.Deserialize<TemplateFile>(File.ReadAllText(path), Json) ?? throw new JsonException("empty");
            }
            catch (JsonException e)
            {
                faults.Add($"{Path.GetFileName(path)}: {e.Message}");
            }
        }
        Check(files, faults);
        return faults.Count == 0 ? new(files) : throw new InvalidOperationException("The notice templates have faults:\n" + string.Join('\n', faults));
    }

    private static void Check(Dictionary<string, TemplateFile> files, List<string> faults)
    {
        if (files.TryGetValue("default", out var standard))
        {
            if (standard.Words is null) faults.Add("default.json/words: is missing.");
            else faults.AddRange(FaultsOf(standard.Words).Select(fault => $"default.json/words/{fault}"));
            faults.AddRange(Enum.GetValues<NoticeEvent>().Where(e => !standard.Events.ContainsKey(e)).Select(e => $"default.json/events/{Notifications.Words.Of(e)}: is missing."));
        }
        else if (faults.Count == 0) faults.Add("default.json: is missing.");
        foreach (var (file, content) in files)
        {
            foreach (var (of, template) in content.Events)
            {
                var place = $"{file}.json/events/{Notifications.Words.Of(of)}";
                if (standard?.Events.GetValueOrDefault(of) is { } usual && Enum.GetValues<DeliveryChannel>().Any(channel => channel is not DeliveryChannel.Inbox && usual.Has(channel) != template.Has(channel))) faults.Add($"{place}: takes other channels than default.json.");
                if ((template.Inbox is null) != of is NoticeEvent.SmsCode) faults.Add($"{place}/inbox: {(template.Inbox is null ? "is missing" : "there is none for digits")}.");
                (string At, string? Text)[] texts = [("inbox/title", template.Inbox?.Title), ("inbox/text", template.Inbox?.Text), ("sms/text", template.Sms?.Text)];
                foreach (var (at, text) in texts) faults.AddRange(FaultsOf(of, at, text).Select(fault => $"{place}/{at}: {fault}"));
                foreach (var (at, text) in FieldsOf(template)) faults.AddRange(FaultsOf(of, at, text).Select(fault => $"{place}/{at}: {fault}"));
                if (standard?.Words is { } words && !faults.Exists(fault => fault.StartsWith(place, StringComparison.Ordinal) || fault.StartsWith("default.json/words", StringComparison.Ordinal)))
                    faults.AddRange(LengthFaults(template, words).Select(fault => $"{place}/{fault}"));
            }
        }
    }

    private static IEnumerable<(string At, string Text)> FieldsOf(NoticeTemplate template) => Enum.GetValues<DeliveryChannel>()
        .SelectMany(channel => (template.Fields(channel)?.Fields ?? new Dictionary<string, string>()).Select(field => ($"{Notifications.Words.Of(channel)}/fields/{field.Key}", field.Value)));

    private static IEnumerable<string> FaultsOf(TemplateWords words)
    {
        if (words.MostSmsParts is < 1 or > 10) yield return "mostSmsParts: from 1 to 10.";
        var outside = words.Route.SelectMany(step => step).ToList();
        if (outside.Contains(DeliveryChannel.Inbox)) yield return "route: the inbox is always there and no step.";
        if (outside.Distinct().Count() < outside.Count) yield return "route: names a channel twice.";
        foreach (var name in Enum.GetValues<NoticeEvent>().SelectMany(PlaceholdersOf).Append(PersonName).Distinct().Where(name => !words.Longest.ContainsKey(name))) yield return $"longest/{name}: is missing.";
    }

    /// <summary>With the longest values: what would be refused, cut or cost too much when it is sent.</summary>
    private static IEnumerable<string> LengthFaults(NoticeTemplate template, TemplateWords words)
    {
        if (template.Sms is { } sms && SmsParts(sms, words) is var parts && parts > words.MostSmsParts) yield return $"sms/text: has {parts} parts with the longest values, {words.MostSmsParts} at most.";
        foreach (var channel in (DeliveryChannel[])[DeliveryChannel.WeChat, DeliveryChannel.MiniProgram])
            foreach (var (field, text) in template.Fields(channel)?.Fields ?? new Dictionary<string, string>())
                if (FieldKinds.Fault(field, FieldOf(field, text, words.Longest)) is { } fault) yield return $"{Notifications.Words.Of(channel)}/fields/{field}: {fault}.";
    }

    /// <summary>70 characters are one part, of longer ones each holds 67; counted in UTF-16 units, as SMS is.</summary>
    /// <param name="values">What is filled in; null for the longest.</param>
    public static int SmsParts(SmsTemplate sms, TemplateWords words, IReadOnlyDictionary<string, string>? values = null)
    {
        ArgumentNullException.ThrowIfNull(sms);
        ArgumentNullException.ThrowIfNull(words);
        return (words.SmsSignature.Length + Fill(sms.Text, values ?? words.Longest).Length) is var length && length <= 70 ? 1 : (length + 66) / 67;
    }

    /// <summary>What stands in a field; a lone value is shortened to what the field takes.</summary>
    public static string FieldOf(string field, string text, IReadOnlyDictionary<string, string> values) =>
        Placeholder().Match(text) is { Success: true } match && match.Length == text.Length ? FieldKinds.Fit(field, Fill(text, values)) : Fill(text, values);

    private static IEnumerable<string> FaultsOf(NoticeEvent of, string at, string? text)
    {
        if (text is null) yield break;
        if (string.IsNullOrWhiteSpace(text)) yield return "is empty.";
        var allowed = PlaceholdersOf(of);
        if (at == "sms/text" && of is NoticeEvent.OfficeMessage) allowed = ["programme", "session"]; // as long for one as for another: the dry run tells what it costs
        else if (at == "sms/text" && of is not NoticeEvent.SmsCode) allowed = [.. allowed, PersonName];
        foreach (var unknown in Names(text).Except(allowed)) yield return $"{{{unknown}}} is not known here; known: {(allowed.Count == 0 ? "none" : string.Join(", ", allowed))}.";
        if (Placeholder().Replace(text, "").AsSpan().IndexOfAny('{', '}') >= 0) yield return "has a brace that belongs to no placeholder.";
    }

    /// <summary>What an event can tell.</summary>
    public static IReadOnlyList<string> PlaceholdersOf(NoticeEvent of) => of switch
    {
        NoticeEvent.Welcome or NoticeEvent.PasswordReplaced or NoticeEvent.IdentityCorrected or NoticeEvent.SignInMeansChanged or NoticeEvent.AccountDeletionAsked or NoticeEvent.IdentityCheckFailed or NoticeEvent.QuestionAnswered => ["at"],
        NoticeEvent.SmsCode => ["code"],
        NoticeEvent.Submitted => [.. Common, "version"],
        NoticeEvent.Withdrawn => [.. Common, "due"],
        NoticeEvent.StagePassed => [.. Common, "stage"],
        NoticeEvent.ReturnedForCorrection => [.. Common, "stage", "reasons", "due"],
        NoticeEvent.Rejected => [.. Common, "stage", "reasons"],
        NoticeEvent.FeeDue => [.. Common, "amount", "due"],
        NoticeEvent.OfficeMessage => ["programme", "session", "at", "title", "text"],
        NoticeEvent.PaymentReceived or NoticeEvent.Refunded => [.. Common, "amount"],
        NoticeEvent.CounterEntryMade => [.. Common, "word", "due"],
        NoticeEvent.SubmitSoon or NoticeEvent.CorrectSoon or NoticeEvent.ConfirmSoon or NoticeEvent.PaySoon or NoticeEvent.AppealSoon or NoticeEvent.WindowExtended => [.. Common, "due"],
        _ => Common,
    };

    /// <summary>The placeholders of a text, each once.</summary>
    public static IEnumerable<string> Names(string text) => Placeholder().Matches(text).Select(m => m.Groups[1].Value).Distinct();

    public static string Fill(string text, IReadOnlyDictionary<string, string> values) => Placeholder().Replace(text, m => values[m.Groups[1].Value]);

    [GeneratedRegex(@"\{([a-z]+)\}")]
    private static partial Regex Placeholder();
}

internal static class Words
{
    /// <summary>An enum's value as it stands in JSON, in configuration and in messages.</summary>
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
