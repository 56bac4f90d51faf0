using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ExamPlatform.Sandbox.Sms;

/// <summary>SendSms of Dysmsapi 2017-05-25. Parameters may come in the query or as a form; business refusals are HTTP 200.</summary>
public static partial class SendSms
{
    private const int MostNumbers = 1000;

    public static async Task<IResult> Handle(
        HttpRequest request,
        SentMessages messages,
        DeliveryReceipts receipts,
        TimeProvider clock,
        CancellationToken ct)
    {
        var form = request.HasFormContentType ? await request.ReadFormAsync(ct) : null;
        string[] needed = ["PhoneNumbers", "SignName", "TemplateCode"];
        if (needed.FirstOrDefault(name => string.IsNullOrEmpty(Value(name))) is { } absent) return AliyunAnswer.Missing(absent, request);

        var phones = Value("PhoneNumbers")!.Split(',');
        if (phones.Length > MostNumbers) return AliyunAnswer.Business("isv.MOBILE_COUNT_OVER_LIMIT", Words.Say("sms.count"));
        if (phones.FirstOrDefault(phone => !Mobile().IsMatch(phone)) is { } wrong) return AliyunAnswer.Business("isv.MOBILE_NUMBER_ILLEGAL", Words.Say("sms.number", wrong));
        if (!TryParse(Value("TemplateParam"), out var parameters)) return AliyunAnswer.Business("isv.INVALID_JSON_PARAM", Words.Say("sms.json"));

        var now = clock.GetUtcNow();
        var bizId = RandomNumberGenerator.GetString("0123456789", 18) + "^0";
        var sent = phones.Select(phone => new SentMessage(bizId, phone, Value("SignName")!, Value("TemplateCode")!, parameters, Value("OutId"), now)).ToList();
        sent.ForEach(messages.Add);
        receipts.Report(sent, delivered: request.HttpContext.Items[typeof(Behaviour)] is not Behaviour { Effect: Effect.Undelivered });
        return AliyunAnswer.Business("OK", "OK", bizId);

        string? Value(string name) => (string?)request.Query[name] ?? (string?)form?[name];
    }

    /// <summary>A JSON object of strings (numbers are taken too, as the real one does), or nothing at all.</summary>
    private static bool TryParse(string? text, out JsonElement? parameters)
    {
        parameters = null;
        if (string.IsNullOrEmpty(text)) return true;
        try
        {
            using var document = JsonDocument.Parse(text);
            parameters = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return false;
        }

        return parameters is { ValueKind: JsonValueKind.Object } found
            && found.EnumerateObject().All(member => member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number);
    }

    [GeneratedRegex(@"^(\+?86)?1[3-9]\d{9}\z")]
    private static partial Regex Mobile();
}
