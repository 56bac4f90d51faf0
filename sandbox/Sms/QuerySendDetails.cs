using System.Globalization;

namespace ExamPlatform.Sandbox.Sms;

/// <summary>QuerySendDetails of Dysmsapi 2017-05-25: what was sent to a number on a day (Beijing), page by page, newest first.</summary>
public static class QuerySendDetails
{
    private const int MostPerPage = 50;
    private static readonly TimeSpan BeijingTime = TimeSpan.FromHours(8);

    public static async Task<IResult> Handle(HttpRequest request, SentMessages messages, CancellationToken ct)
    {
        var form = request.HasFormContentType ? await request.ReadFormAsync(ct) : null;
        string[] needed = ["PhoneNumber", "SendDate", "PageSize", "CurrentPage"];
        if (needed.FirstOrDefault(name => string.IsNullOrEmpty(Value(name))) is { } absent) return AliyunAnswer.Missing(absent, request);
        if (Number("PageSize") is not { } size || size > MostPerPage || Number("CurrentPage") is not { } page) return AliyunAnswer.Business("isv.INVALID_PARAMETERS", Words.Say("sms.json"));
        var found = messages.To(Value("PhoneNumber")).Where(message => Beijing(message.At, "yyyyMMdd") == Value("SendDate")).Reverse().ToList();
        return Results.Json(new
        {
            Code = "OK",
            Message = "OK",
            RequestId = Guid.NewGuid().ToString().ToUpperInvariant(),
            TotalCount = found.Count,
            SmsSendDetailDTOs = new { SmsSendDetailDTO = found.Skip((page - 1) * size).Take(size).Select(Detail) },
        }, new System.Text.Json.JsonSerializerOptions());

        string? Value(string name) => (string?)request.Query[name] ?? (string?)form?[name];
        int? Number(string name) => int.TryParse(Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
    }

    private static object Detail(SentMessage message) => new
    {
        PhoneNum = message.Phone,
        message.TemplateCode,
        SendStatus = 3,
        ErrCode = "DELIVERED",
        OutId = message.OutId ?? "",
        SendDate = Beijing(message.At, "yyyy-MM-dd HH:mm:ss"),
        ReceiveDate = Beijing(message.At, "yyyy-MM-dd HH:mm:ss"),
    };

    private static string Beijing(DateTimeOffset at, string format) => at.ToOffset(BeijingTime).ToString(format, CultureInfo.InvariantCulture);
}
