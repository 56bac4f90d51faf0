namespace ExamPlatform.Web.Gateways;

// What pages show of money: only members that a page uses. Amounts are in fen.
public sealed record RefundPage(IReadOnlyList<RefundSeen> Refunds, string? Next);

/// <param name="AskedBy">Null where the platform sends back what paid for nothing.</param>
public sealed record RefundSeen(Guid RefundId, Guid ApplicationId, string Number, string State, long AmountInFen, string? Reason, Guid? AskedBy, DateTimeOffset AskedAt, Guid? DecidedBy, DateTimeOffset? DecidedAt, string? Note, DateTimeOffset? DoneAt,
    string? FailedBecause, bool Mine);
public sealed record PaidApplication(IReadOnlyList<FeePaid> Fees);
public sealed record FeePaid(Guid FeeId, string Programme, string Session, string AreaPath, string State, long AmountInFen, bool Trial, IReadOnlyList<OrderPaid> Orders);
public sealed record OrderPaid(Guid OrderId, string Number, string Channel, string State, long AmountInFen, DateTimeOffset? PaidAt, long RefundableInFen, IReadOnlyList<RefundSeen> Refunds);
public sealed record LedgerSeen(DateOnly Until, IReadOnlyList<BalanceSeen> Balances, IReadOnlyList<MovementSeen> Movements, long Sum);
public sealed record BalanceSeen(string Account, string Channel, long BalanceInFen);
public sealed record MovementSeen(DateOnly Day, string Account, string Channel, long DebitInFen, long CreditInFen);
public sealed record BillSeen(string Channel, DateOnly Day, string State, int Payments, long PaidInFen, int Refunds, long RefundedInFen, long ChargesInFen);
public sealed record DifferencePage(IReadOnlyList<DifferenceSeen> Differences, string? Next);
public sealed record DifferenceSeen(Guid Id, string Channel, DateOnly Day, string Cause, string State, string Number, string? RefundNumber, Guid? ApplicationId, long BilledInFen, long BookedInFen, DateTimeOffset? SettledAt, Guid? SettledBy, string? Note);
public sealed record RefusedCallbacks(IReadOnlyList<RefusedCallback> Callbacks);
public sealed record RefusedCallback(Guid Id, string Channel, DateTimeOffset ReceivedAt, string Verdict, string? Reason);
