namespace ExamPlatform.Sandbox.Sms;

/// <summary>Dysmsapi 2017-05-25 has one address; the header names the action.</summary>
public static class SmsActions
{
    public static async Task<IResult> Handle(HttpRequest request, SentMessages messages, DeliveryReceipts receipts, TimeProvider clock, CancellationToken ct)
    {
        if (request.Headers["x-acs-action"].ToString() is not ("SendSms" or "QuerySendDetails"))
            return AliyunAnswer.Refused(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.", request);
        if (request.Headers["x-acs-version"] != "2017-05-25") return AliyunAnswer.Refused(400, "InvalidVersion", "Specified parameter Version is not valid.", request);
        return request.Headers["x-acs-action"] == "SendSms" ? await SendSms.Handle(request, messages, receipts, clock, ct) : await QuerySendDetails.Handle(request, messages, ct);
    }
}
