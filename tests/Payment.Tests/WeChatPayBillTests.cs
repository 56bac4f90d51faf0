using System.IO.Compression;
using System.Text;
using ExamPlatform.Payments.Channels.WeChatPay;

namespace ExamPlatform.Payments.Tests;

/// <summary>The bill as the documentation of WeChat Pay shows it, with a name that holds commas.</summary>
public class WeChatPayBillTests
{
    private const string Merchant = "1900000109";

    private const string Head = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
    private const string Payment = "`2026-11-21 23:59:59,`wx1,`1900000109,`0,`,`4200000001,`A1,`oUser,`NATIVE,`SUCCESS,`OTHERS,`CNY,`244.00,`0.00,`0,`0,`0.00,`0.00,`,`,`fee, of the exam,`,`1.46400,`0.60%,`244.00,`0.00,`";
    private const string Refund = "`2026-11-21 08:00:00,`wx1,`1900000109,`0,`,`4200000001,`A1,`oUser,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5030001,`R1,`44.00,`0.00,`ORIGINAL,`SUCCESS,`fee, of the exam,`,`-0.26500,`0.60%,`0.00,`44.00,`";
    private const string TotalsHead = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
    private const string Totals = "`2,`244.00,`44.00,`0.00,`1.20,`244.00,`44.00";

    [Theory]
    [InlineData("\n", "")]
    [InlineData("\r\n", "\uFEFF")]
    public void Lines_are_read_whatever_the_ends_and_the_mark_before_them(string end, string mark)
    {
        var lines = Read(mark + string.Join(end, Head, Payment, Refund, TotalsHead, Totals) + end);

        Assert.Equal(
            [
                new("A1", null, "4200000001", 24400, 146, new(2026, 11, 21, 15, 59, 59, TimeSpan.Zero)),
                new("A1", "R1", "4200000001", 4400, 27, new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero)),
            ], lines);
    }

    [Theory]
    [InlineData("0.01", 1)]
    [InlineData("0.29", 29)]
    [InlineData("1", 100)]
    [InlineData("1.1", 110)]
    [InlineData("1.10000", 110)]
    [InlineData("-0.05", -5)]
    [InlineData("90071992547.43", 9007199254743)]
    public void Yuan_become_fen_without_a_rounding(string yuan, long fen) => Assert.Equal(fen, WeChatPayBill.Fen(yuan));

    [Theory]
    [InlineData("")]
    [InlineData("0.001")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1,000.00")]
    [InlineData("1e3")]
    [InlineData("--1")]
    [InlineData("1.0.0")]
    [InlineData("１")]
    public void What_is_no_amount_in_yuan_is_refused(string yuan) => Assert.Throws<FormatException>(() => WeChatPayBill.Fen(yuan));

    [Theory]
    [InlineData("`2,`", "`3,`")]
    [InlineData("`244.00,`44.00", "`244.01,`44.00")]
    [InlineData("`244.00,`44.00", "`244.00,`44.01")]
    public void Totals_that_are_not_those_of_the_lines_are_refused(string from, string to)
    {
        var at = Totals.LastIndexOf(from, StringComparison.Ordinal);
        var wrong = Totals[..at] + to + Totals[(at + from.Length)..];

        Assert.Throws<FormatException>(() => Read(string.Join('\n', Head, Payment, Refund, TotalsHead, wrong)));
    }

    [Fact]
    public void A_line_of_another_merchant_or_of_an_unknown_kind_is_refused()
    {
        Assert.Throws<FormatException>(() => Read(string.Join('\n', Head, Payment.Replace(Merchant, "1900000000", StringComparison.Ordinal), Refund, TotalsHead, Totals)));
        Assert.Throws<FormatException>(() => Read(string.Join('\n', Head, Payment, Refund.Replace("`REFUND", "`REVOKED", StringComparison.Ordinal), TotalsHead, Totals)));
        Assert.Throws<FormatException>(() => Read("<html>"));
    }

    /// <summary>sha1sum of the four bytes "bill".</summary>
    private const string HashOfBill = "c692d6a10598e0a801576fdd4ecf3c37e45bfbc4";

    [Fact]
    public void The_hash_is_that_of_the_unpacked_bill()
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest)) packing.Write("bill"u8);

        Assert.Equal("bill"u8.ToArray(), WeChatPayBill.Unpack("bill"u8.ToArray(), HashOfBill, 1000));
        Assert.Equal("bill"u8.ToArray(), WeChatPayBill.Unpack(packed.ToArray(), HashOfBill, 1000));
        Assert.Throws<InvalidDataException>(() => WeChatPayBill.Unpack("bull"u8.ToArray(), HashOfBill, 1000));
        Assert.Throws<InvalidDataException>(() => WeChatPayBill.Unpack(packed.ToArray(), HashOfBill, 3));
    }

    private static IReadOnlyList<Channels.BillLine> Read(string text) => WeChatPayBill.Read(Encoding.UTF8.GetBytes(text), Merchant);
}
