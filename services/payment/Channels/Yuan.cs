using System.Globalization;

namespace ExamPlatform.Payments.Channels;

/// <summary>Amounts in yuan as text, fen at most.</summary>
internal static class Yuan
{
    public static string Write(long fen) => (fen / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <returns>Fen, negative ones too; null when it is no amount, or finer than a fen.</returns>
    public static long? ToFen(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var yuan) && yuan * 100 is var fen && decimal.Truncate(fen) == fen && Math.Abs(fen) < long.MaxValue ? (long)fen : null;
}
