using ExamPlatform.Sandbox.WeChatPay;

namespace ExamPlatform.Sandbox.Control;

public static class ListCallbacks
{
    public static IEnumerable<CallbackAttempt> Handle(Callbacks callbacks, string? outTradeNo = null) =>
        callbacks.Attempts.Where(attempt => outTradeNo is null || attempt.OutTradeNo == outTradeNo);
}
