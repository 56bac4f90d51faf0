namespace ExamPlatform.Payments.Contracts;

/// <summary>The bank says it is paid. <paramref name="PaidAt"/> is the bank's payment time: it decides whether the deadline was kept.</summary>
public sealed record PaymentReceived(Guid ApplicationId, Guid CandidateId, Guid FeeId, Guid OrderId, long AmountInFen, string Channel, DateTimeOffset PaidAt, DateTimeOffset At);

/// <summary>The fee can no longer be paid: its time ran out unpaid, asked at the bank and closed there.</summary>
public sealed record PaymentClosed(Guid ApplicationId, Guid CandidateId, Guid FeeId, DateTimeOffset At);
