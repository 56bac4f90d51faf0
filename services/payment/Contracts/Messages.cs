namespace ExamPlatform.Payments.Contracts;

/// <summary>The bank says it is paid. <paramref name="PaidAt"/> is the bank's payment time: it decides whether the deadline was kept.</summary>
public sealed record PaymentReceived(Guid ApplicationId, Guid CandidateId, Guid FeeId, Guid OrderId, long AmountInFen, string Channel, DateTimeOffset PaidAt, DateTimeOffset At);

/// <summary>The fee can no longer be paid: its time ran out unpaid, asked at the bank and closed there.</summary>
public sealed record PaymentClosed(Guid ApplicationId, Guid CandidateId, Guid FeeId, DateTimeOffset At);

/// <summary>Money of a fee went back, whole or in part: an officer's refund, or money that had paid for nothing. <paramref name="AmountInFen"/> is this refund's alone.</summary>
public sealed record RefundCompleted(Guid ApplicationId, Guid CandidateId, Guid FeeId, Guid RefundId, long AmountInFen, DateTimeOffset At);

/// <summary>A bank's bill of a day of Beijing time and our books do not agree, and it does not settle by itself. <paramref name="Open"/> counts the channel's differences that wait for an officer.</summary>
public sealed record ReconciliationDiffers(string Channel, DateOnly Day, int Open, DateTimeOffset At);
