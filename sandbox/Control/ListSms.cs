using ExamPlatform.Sandbox.Sms;

namespace ExamPlatform.Sandbox.Control;

public static class ListSms
{
    public static IEnumerable<SentMessage> Handle(SentMessages messages, string? phone = null) => messages.To(phone);
}
