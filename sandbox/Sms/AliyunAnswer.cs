using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExamPlatform.Sandbox.Sms;

/// <summary>Bodies as Aliyun's gateway (errors with HostId) and the SMS product (business codes under HTTP 200) write them.</summary>
public static class AliyunAnswer
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IResult Refused(int status, string code, string message, HttpRequest request) =>
        Results.Json(new { RequestId = RequestId(), HostId = request.Host.Value, Code = code, Message = message }, Options, statusCode: status);

    public static IResult Missing(string parameter, HttpRequest request) =>
        Refused(400, $"Missing{parameter}", $"{parameter} is mandatory for this action.", request);

    public static IResult Business(string code, string message, string? bizId = null, int status = 200) =>
        Results.Json(new { Code = code, Message = message, RequestId = RequestId(), BizId = bizId }, Options, statusCode: status);

    private static string RequestId() => Guid.NewGuid().ToString().ToUpperInvariant();
}
