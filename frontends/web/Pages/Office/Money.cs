using System.Globalization;
using ExamPlatform.Web.Words;

namespace ExamPlatform.Web.Pages.Office;

/// <summary>Words and figures of money.</summary>
public static class Money
{
    public static string Yuan(long fen) => Say.Format(MoneyWords.AmountYuan, fen / 100m);

    public static string Figure(long fen) => (fen / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>What somebody typed as yuan, in fen; null where it is no amount above 0.</summary>
    public static long? Fen(string yuan) =>
        decimal.TryParse(yuan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var typed) && typed is > 0 and < 10_000_000 && decimal.Round(typed, 2) == typed ? (long)(typed * 100) : null;

    public static string Of(string name) => MoneyWords.ResourceManager.GetString(name, CultureInfo.InvariantCulture) ?? name;

    public static string Channel(string channel) => MoneyWords.ResourceManager.GetString($"channel-{channel}", CultureInfo.InvariantCulture) ?? channel;
}
