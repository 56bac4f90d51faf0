using System.Globalization;

namespace ExamPlatform.Payments.Channels.UnionPay;

/// <summary>The fields of ACP 5.1.0. Amounts are fen; a transaction's own time has no year.</summary>
internal static class UnionPayWords
{
    /// <summary>Codes after which it may have happened or not: 03, 04, 05; and 02, 06 of a gateway that is shut or busy, which may be tried again.</summary>
    public static bool IsUnknown(string code) => code is "" or "02" or "03" or "04" or "05" or "06";

    public static BankAnswer.Paid? Paid(IReadOnlyDictionary<string, string> told, DateTimeOffset sentAt) =>
        Transaction(told, sentAt) is { } it ? new(it.Id, it.AmountInFen, it.At) : null;

    public static RefundAnswer.Done? Done(IReadOnlyDictionary<string, string> told, DateTimeOffset sentAt) =>
        Transaction(told, sentAt) is { } it ? new(it.Id, it.AmountInFen, it.At) : null;

    /// <summary>A refund is known by its number and the time it was sent at, which must be the same at every try: the number is a UUID of version 7 and tells it.</summary>
    /// <exception cref="ArgumentException">The number is none.</exception>
    public static DateTimeOffset TimeOf(string number)
    {
        if (!Guid.TryParseExact(number, "N", out var id) || id.Version != 7) throw new ArgumentException("A number at UnionPay must be a UUID of version 7, which tells when it was made.", nameof(number));
        return DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(number.AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    /// <param name="monthDayTime"><c>MMddHHmmss</c> of Beijing.</param>
    /// <param name="near">A moment at most some days before or after it.</param>
    /// <returns>Null when it is no such time.</returns>
    public static DateTimeOffset? TimeNear(string? monthDayTime, DateTimeOffset near)
    {
        var year = BeijingTime.DayOf(near).Year;
        return ((int[])[year - 1, year, year + 1]).Select(y => BeijingTime.Read($"{y}{monthDayTime}", BeijingTime.Compact)).OfType<DateTimeOffset>().OrderBy(at => (at - near).Duration())
            .Select(at => (DateTimeOffset?)at).FirstOrDefault();
    }

    private static (string Id, long AmountInFen, DateTimeOffset At)? Transaction(IReadOnlyDictionary<string, string> told, DateTimeOffset sentAt) =>
        told.GetValueOrDefault("queryId") is { Length: > 0 } id && long.TryParse(told.GetValueOrDefault("txnAmt"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && TimeNear(told.GetValueOrDefault("traceTime"), sentAt) is { } at ? (id, amount, at) : null;
}
