using ExamPlatform.Sandbox.Sms;

namespace ExamPlatform.Sandbox.Control;

public static class ListReceipts
{
    public static IEnumerable<ReceiptAttempt> Handle(DeliveryReceipts receipts, string? bizId = null) =>
        receipts.Attempts.Where(attempt => bizId is null || attempt.BizId == bizId);
}
