using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications.Features;

/// <summary>What each template looks like with the longest values that come in practice. Templates are configuration: here they are only shown.</summary>
internal static class PreviewTemplates
{
    /// <param name="Programmes">Those that word something otherwise.</param>
    public sealed record Previews(IReadOnlyList<string> Programmes, IReadOnlyList<Preview> Templates);

    /// <param name="On">Whether the operator has set the channel up.</param>
    /// <param name="Code">Of the template, as registered with the channel (for SMS with the first gateway); null for the inbox and where there is none.</param>
    /// <param name="Characters">Of an SMS, its signature included, in UTF-16 units.</param>
    /// <param name="Parts">Of an SMS: what is paid for.</param>
    public sealed record Preview(NoticeEvent Event, DeliveryChannel Channel, bool On, string? Code, string? Title, string? Text, int? Characters, int? Parts, IReadOnlyList<PreviewField> Fields);

    /// <param name="Fault">Why the channel would refuse it; null where it takes it.</param>
    public sealed record PreviewField(string Name, string Value, string? Fault);

    public static void MapPreviewTemplates(this IEndpointRouteBuilder app) => app.MapGet("/api/notices/templates", Show).RequireAuthorization(TokenNames.Officer)
        .WithName("preview-notice-templates").WithTags("notification").WithSummary("The words of every notice by every channel, filled with the longest values; of one programme, or of all.");

    private static Ok<Previews> Show(NoticeTemplates templates, IEnumerable<IMessageChannel> channels, IOptions<AliyunSmsOptions> sms, string? programme = null)
    {
        var known = channels.ToDictionary(channel => channel.Channel);
        var previews = from of in Enum.GetValues<NoticeEvent>()
                       let template = templates.For(of, programme)
                       let owner = templates.OwnerOf(of, programme)
                       from channel in Enum.GetValues<DeliveryChannel>()
                       where template.Has(channel)
                       select channel switch
                       {
                           DeliveryChannel.Inbox => new Preview(of, channel, true, null, NoticeTemplates.Fill(template.Inbox!.Title, templates.Words.Longest), NoticeTemplates.Fill(template.Inbox.Text, templates.Words.Longest), null, null, []),
                           DeliveryChannel.Sms => OfSms(of, template.Sms!, templates.Words, sms.Value.Templates.GetValueOrDefault(TemplateKeys.Of(of, owner))),
                           _ => new(of, channel, known.GetValueOrDefault(channel) is { IsOn: true }, known.GetValueOrDefault(channel)?.TemplateId(of, owner), null, null, null, null, [.. template.Fields(channel)!.Fields.Select(field => OfField(channel, field.Key, field.Value, templates.Words))]),
                       };
        return TypedResults.Ok(new Previews([.. templates.Files.Keys.Where(file => file != "default").Order(StringComparer.Ordinal)], [.. previews]));
    }

    private static Preview OfSms(NoticeEvent of, SmsTemplate sms, TemplateWords words, string? code)
    {
        var text = words.SmsSignature + NoticeTemplates.Fill(sms.Text, words.Longest);
        return new(of, DeliveryChannel.Sms, true, code, null, text, text.Length, NoticeTemplates.SmsParts(sms, words), []);
    }

    private static PreviewField OfField(DeliveryChannel channel, string name, string text, TemplateWords words)
    {
        var value = NoticeTemplates.FieldOf(name, text, words.Longest);
        return new(name, value, channel is DeliveryChannel.Baidu ? null : FieldKinds.Fault(name, value));
    }
}
