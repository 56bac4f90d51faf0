using System.Text.Json;
using System.Text.RegularExpressions;

namespace ExamPlatform.Notifications;

/// <summary>A file of <c>templates/</c>: <c>default.json</c> has every event, <c>{programme code}.json</c> those that a programme words otherwise.</summary>
public sealed record TemplateFile(IReadOnlyDictionary<NoticeEvent, NoticeTemplate> Events, TemplateWords? Words = null);

/// <param name="DateFormat">A .NET format; times are told in Beijing time.</param>
/// <param name="NoDue">Stands where an event names no deadline.</param>
/// <param name="Trial">Begins title and text of what is about a practice.</param>
public sealed record TemplateWords(string DateFormat, string NoDue, string ReasonSeparator, string Trial);

/// <param name="Inbox">Null for <see cref="NoticeEvent.SmsCode"/>, and only there.</param>
/// <param name="Sms">Null: this event is told in the inbox only.</param>
public sealed record NoticeTemplate(InboxTemplate? Inbox = null, SmsTemplate? Sms = null);

public sealed record InboxTemplate(string Title, string Text);

/// <param name="Text">As registered with the gateway, where a placeholder is written <c>${name}</c>; what is sent are the values.</param>
public sealed record SmsTemplate(string Text);

/// <summary>The words of all notices, checked as a whole when the service starts.</summary>
public sealed partial class NoticeTemplates
{
    /// <summary>The person's name, in an SMS only: several people share one phone, and the inbox, which is kept, is one person's.</summary>
    public const string PersonName = "name";

    private static readonly string[] Common = ["programme", "session", "area"];
    private static readonly JsonSerializerOptions Json = new JsonSerializerOptions { ReadCommentHandling = JsonCommentHandling.Skip }.UsePlatformRules();
    private readonly IReadOnlyDictionary<string, TemplateFile> files;

    private NoticeTemplates(IReadOnlyDictionary<string, TemplateFile> files) => this.files = files;

    public TemplateWords Words => files["default"].Words!;

    public IReadOnlyList<DeliveryChannel> ChannelsOf(NoticeEvent of) => [.. of is NoticeEvent.SmsCode ? (DeliveryChannel[])[] : [DeliveryChannel.Inbox], .. HasSms(of) ? (DeliveryChannel[])[DeliveryChannel.Sms] : []];

    public bool HasSms(NoticeEvent of) => files["default"].Events[of].Sms is not null;

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
            faults.AddRange(Enum.GetValues<NoticeEvent>().Where(e => !standard.Events.ContainsKey(e)).Select(e => $"default.json/events/{Notifications.Words.Of(e)}: is missing."));
        }
        else if (faults.Count == 0) faults.Add("default.json: is missing.");
        foreach (var (file, content) in files)
        {
            foreach (var (of, template) in content.Events)
            {
                var place = $"{file}.json/events/{Notifications.Words.Of(of)}";
                if (standard?.Events.GetValueOrDefault(of) is { } usual && (usual.Sms is null) != (template.Sms is null)) faults.Add($"{place}: takes other channels than default.json.");
                if ((template.Inbox is null) != of is NoticeEvent.SmsCode) faults.Add($"{place}/inbox: {(template.Inbox is null ? "is missing" : "there is none for digits")}.");
                (string At, string? Text)[] texts = [("inbox/title", template.Inbox?.Title), ("inbox/text", template.Inbox?.Text), ("sms/text", template.Sms?.Text)];
                foreach (var (at, text) in texts) faults.AddRange(FaultsOf(of, at, text).Select(fault => $"{place}/{at}: {fault}"));
            }
        }
    }

    private static IEnumerable<string> FaultsOf(NoticeEvent of, string at, string? text)
    {
        if (text is null) yield break;
        if (string.IsNullOrWhiteSpace(text)) yield return "is empty.";
        var allowed = PlaceholdersOf(of);
        if (at == "sms/text" && of is not NoticeEvent.SmsCode) allowed = [.. allowed, PersonName];
        foreach (var unknown in Names(text).Except(allowed)) yield return $"{{{unknown}}} is not known here; known: {(allowed.Count == 0 ? "none" : string.Join(", ", allowed))}.";
        if (Placeholder().Replace(text, "").AsSpan().IndexOfAny('{', '}') >= 0) yield return "has a brace that belongs to no placeholder.";
    }

    /// <summary>What an event can tell.</summary>
    public static IReadOnlyList<string> PlaceholdersOf(NoticeEvent of) => of switch
    {
        NoticeEvent.Welcome or NoticeEvent.PasswordReplaced or NoticeEvent.IdentityCorrected or NoticeEvent.SignInMeansChanged or NoticeEvent.AccountDeletionAsked or NoticeEvent.IdentityCheckFailed or NoticeEvent.QuestionAnswered => [],
        NoticeEvent.SmsCode => ["code"],
        NoticeEvent.Submitted => [.. Common, "version"],
        NoticeEvent.Withdrawn => [.. Common, "due"],
        NoticeEvent.StagePassed => [.. Common, "stage"],
        NoticeEvent.ReturnedForCorrection => [.. Common, "stage", "reasons", "due"],
        NoticeEvent.Rejected => [.. Common, "stage", "reasons"],
        NoticeEvent.FeeDue => [.. Common, "amount", "due"],
        NoticeEvent.PaymentReceived => [.. Common, "amount"],
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
