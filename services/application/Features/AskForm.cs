using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Applications.Features;

/// <summary>
/// The form as this person is asked it at this moment: the rules of the application's own version, evaluated. A front end shows it and evaluates nothing.
/// </summary>
public static class AskForm
{
    /// <param name="Trial">A practice (试报名), thrown away after its session.</param>
    /// <param name="IdentityCheck">What the states of one's identity check (GET /api/identity/me) mean here; null: nothing.</param>
    public sealed record FormView(string Programme, string ProgrammeTitle, string SessionTitle, string? AreaTitle, IReadOnlyList<StepForm> Steps, PhotoAsked Photo, IReadOnlyList<DocumentAsked> Documents, PreferencesAsked? Preferences, bool Trial, IdentityCheckRule? IdentityCheck = null);

    /// <param name="Open">Whether it can be changed now.</param>
    public sealed record StepForm(string Code, string Title, bool Open, IReadOnlyList<FieldAsked> Fields);

    /// <summary>A field that is asked, or that is answered though it is not asked any more.</summary>
    /// <param name="Kind">As the programme writes it: text, choice, month, number, profileEntry, disabilityCertificate, travelPermit.</param>
    /// <param name="Value">As it is saved; null while there is none.</param>
    /// <param name="Shown">As people read it.</param>
    /// <param name="Reveals">Whether what else is asked in this step hangs on the answer.</param>
    /// <param name="Choices">Those that are offered: codes, or ids of the profile's entries.</param>
    /// <param name="Group">The group of the profile whose entries are chosen.</param>
    /// <param name="Most">How many may be chosen.</param>
    public sealed record FieldAsked(string Code, string Title, string Kind, bool Required, string? Value, string? Shown, bool Reveals, IReadOnlyList<ChoiceAsked>? Choices = null, string? Group = null,
        int? Most = null, int? MaxLength = null, int? Min = null, int? Max = null, bool Past = false);
    public sealed record ChoiceAsked(string Code, string Title);

    /// <param name="Ground">any, white or blue.</param>
    /// <param name="Pixels">What a tool cuts the picture to; another size is taken as well.</param>
    public sealed record PhotoAsked(bool Open, Guid? Upload, IReadOnlyList<string> ContentTypes, long MinBytes, long MaxBytes, string Ground, PixelSize? Pixels);
    public sealed record DocumentAsked(string Code, string Title, string Hint, bool Open, Guid? Upload, IReadOnlyList<string> ContentTypes, long MinBytes, long MaxBytes);
    public sealed record PreferencesAsked(bool Open, int Most, string? OpenBatch);

    private static readonly Dictionary<Type, string> Kinds = typeof(FormField).GetCustomAttributes<JsonDerivedTypeAttribute>().ToDictionary(kind => kind.DerivedType, kind => (string)kind.TypeDiscriminator!);

    public static void MapAskForm(this IEndpointRouteBuilder app) => app.MapGet("/api/applications/{id:guid}/form", Handle)
        .RequireAuthorization(TokenNames.Candidate).WithTags("application")
        .WithName("ask-form").WithSummary("The form as it is asked at this moment: which fields, which of them are required, what can be chosen, what is open. The ETag is the application's.");

    private static async Task<Results<Ok<FormView>, ProblemHttpResult>> Handle(Guid id, Me me, HttpResponse response, ApplicationDb db, Programmes programmes, TimeProvider clock, CancellationToken ct)
    {
        var application = await db.Applications.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == me.Id, ct);
        if (application is null) return Problems.NotFound();
        var (now, programme) = (clock.GetUtcNow(), await programmes.Of(application, ct));
        var filling = application.Filling(programme, await db.GroupsOf(me.Id, ct), now);
        var editable = application.NotOpenForEditing(programme, now) is null;
        var named = application.OpenItems(filling);
        bool Open(string item) => editable && named?.Contains(item) != false;
        response.SetETag(application.Edition);
        return TypedResults.Ok(View(filling, programme.Session(application.SessionCode)!, application.AreaCode is { } area ? AreaTree.Title(area, application.SiteCode!) : null, Open, now));
    }

    /// <param name="open">Whether an item can be changed now.</param>
    internal static FormView View(Filling filling, ExamSession session, string? areaTitle, Func<string, bool> open, DateTimeOffset now)
    {
        var programme = filling.Programme;
        return new(programme.Code, programme.Title, session.Title, areaTitle, [.. programme.Form.Select(section => new StepForm(section.Code, section.Title, open(section.Code), [.. Fields(section, filling)]))],
            new(open("photo"), filling.PhotoId, programme.Photo.ContentTypes, programme.Photo.MinBytes, programme.Photo.MaxBytes, Word(programme.Photo.Ground), programme.Photo.Pixels),
            [.. filling.DocumentsAsked.Select(d => new DocumentAsked(d.Code, d.Title, d.Hint, open($"documents/{d.Code}"), filling.Documents.TryGetValue(d.Code, out var upload) ? upload : null, d.ContentTypes, d.MinBytes, d.MaxBytes))],
            programme.Preferences is { } rule ? new(open("preferences"), rule.Most, session.OpenBatch(now)?.Code) : null, session.Trial is not null, session.Trial is null ? programme.Candidates.IdentityCheck : null);
    }

    private static IEnumerable<FieldAsked> Fields(FormSection section, Filling filling)
    {
        foreach (var field in section.Fields)
        {
            var path = $"{section.Code}/{field.Code}";
            var required = field.RequiredWhen is not null && field.RequiredWhen.AllHold(filling);
            var value = filling.Answers.GetValueOrDefault(path);
            if (field.RequiredWhen is not null && !required && value is null) continue;
            var asked = new FieldAsked(field.Code, field.Title, Kinds[field.GetType()], required, value, value is null ? null : field.Show(value, filling.Profile), Reveals(section, path));
            yield return field switch
            {
                TextField text => asked with { MaxLength = text.MaxLength },
                ChoiceField choice => asked with { Choices = [.. choice.Choices.Where(c => c.OfferedWhen.AllHold(filling) || c.Code == value).Select(c => new ChoiceAsked(c.Code, c.Title))] },
                MonthField month => asked with { Past = month.Past },
                NumberField number => asked with { Min = number.Min, Max = number.Max },
                EntryField entry => asked with { Group = Word(entry.Group), Most = entry.Most, Choices = [.. filling.Profile.Entries(entry.Group).Select(e => new ChoiceAsked(e.Id!.Value.ToString(), e.Words))] },
                _ => asked,
            };
        }
    }

    /// <summary>Whether another field of the section, or one of its choices, hangs on this one.</summary>
    private static bool Reveals(FormSection section, string path) => section.Fields
        .SelectMany(field => (field.RequiredWhen ?? []).Concat((field as ChoiceField)?.Choices.SelectMany(c => c.OfferedWhen ?? []) ?? [])).Any(condition => Names(condition, path));

    private static bool Names(Condition condition, string path) => condition switch
    {
        FieldIs rule => rule.Field == path,
        FieldIsNot rule => rule.Field == path,
        ChosenEntryIs rule => rule.Field == path,
        AnyOf rule => rule.Conditions.Any(c => Names(c, path)),
        _ => false,
    };

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
