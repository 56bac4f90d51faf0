using System.Text;

namespace ExamPlatform.Payments;

/// <summary>Amounts in Chinese capital figures (人民币大写), as 支付结算办法 annex 1 has them: zeros between figures once, 整 where there are no fen.</summary>
public static class RmbCapital
{
    private static readonly string Digits = PaymentWords.Of("capital-digits"), Places = PaymentWords.Of("capital-places"), Groups = PaymentWords.Of("capital-groups");

    /// <param name="fen">Below a trillion yuan.</param>
    public static string Of(long fen)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fen);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fen, 100_000_000_000_000);
        var (yuan, jiao, rest) = (fen / 100, (int)(fen / 10 % 10), (int)(fen % 10));
        var said = new StringBuilder();
        if (yuan > 0 || fen == 0) said.Append(yuan == 0 ? Digits[..1] : Whole(yuan)).Append(PaymentWords.Of("capital-yuan"));
        if (jiao > 0) said.Append(Digits[jiao]).Append(PaymentWords.Of("capital-jiao"));
        else if (rest > 0 && yuan > 0) said.Append(Digits[0]);
        return (rest > 0 ? said.Append(Digits[rest]).Append(PaymentWords.Of("capital-fen")) : said.Append(PaymentWords.Of("capital-whole"))).ToString();
    }

    private static string Whole(long yuan)
    {
        var (figures, said, zero, inGroup) = (yuan.ToString(System.Globalization.CultureInfo.InvariantCulture), new StringBuilder(), false, false);
        for (var n = 0; n < figures.Length; n++)
        {
            var (digit, place) = (figures[n] - '0', figures.Length - 1 - n);
            if (digit == 0) zero = true;
            else
            {
                if (zero) said.Append(Digits[0]);
                said.Append(Digits[digit]);
                if (place % 4 > 0) said.Append(Places[(place % 4) - 1]);
                (zero, inGroup) = (false, true);
            }
            if (place % 4 > 0 || place == 0 || !inGroup) continue;
            said.Append(Groups[(place / 4) - 1]);
            inGroup = false;
        }
        return said.ToString();
    }
}
