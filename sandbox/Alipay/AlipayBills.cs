using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Alipay;

/// <summary>The bill of a day: a ZIP of GBK files that is there from nine o'clock of the next morning, at an address that lives for half a minute.</summary>
public sealed class AlipayBills(AlipayBook book, IOptions<AlipayOptions> options, TimeProvider clock)
{
    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30), Ready = TimeSpan.FromHours(9);
    private readonly ConcurrentDictionary<string, (DateOnly Day, DateTimeOffset Until)> offered = new();

    /// <returns>Null while there is none of that day.</returns>
    public string? Offer(string date)
    {
        var now = clock.GetUtcNow();
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || SignedFields.Day(now - Ready) <= day) return null;
        var token = Guid.NewGuid().ToString("N");
        offered[token] = (day, now + Life);
        return token;
    }

    public IResult Download(string token)
    {
        if (!offered.TryRemove(token, out var offer) || offer.Until < clock.GetUtcNow()) return Results.NotFound();
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true, Gbk))
        {
            var name = $"{options.Value.SellerId}0156_{offer.Day:yyyyMMdd}";
            Put(archive, $"{name}_业务明细.csv", Rows(offer.Day));
            Put(archive, $"{name}_业务明细(汇总).csv", "#支付宝业务汇总查询\r\n");
        }
        return Results.File(zip.ToArray(), "application/zip");
    }

    private static void Put(ZipArchive archive, string name, string text)
    {
        using var stream = archive.CreateEntry(name).Open();
        stream.Write(Gbk.GetBytes(text));
    }

    private string Rows(DateOnly day)
    {
        var text = new StringBuilder("#支付宝业务明细查询\r\n").Append(CultureInfo.InvariantCulture, $"#账号：[{options.Value.SellerId}0156]\r\n")
            .Append(CultureInfo.InvariantCulture, $"#起始日期：[{day:yyyy年MM月dd日} 00:00:00]   终止日期：[{day.AddDays(1):yyyy年MM月dd日} 00:00:00]\r\n")
            .Append("#-----------------------------------------业务明细列表----------------------------------------\r\n")
            .Append("支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\r\n");
        foreach (var trade in book.All)
        {
            if (trade.PaidAt is { } paidAt && SignedFields.Day(paidAt) == day) Row(text, trade, "交易", trade.Terms.TotalInFen, paidAt, "");
            foreach (var refund in trade.Refunds.Where(refund => SignedFields.Day(refund.At) == day)) Row(text, trade, "退款", -refund.AmountInFen, refund.At, refund.OutRequestNo);
        }
        return text.Append("#-----------------------------------------业务明细列表结束------------------------------------\r\n").ToString();
    }

    /// <summary>0.6 % stay with Alipay, and come back with a refund.</summary>
    private static void Row(StringBuilder text, AlipayTrade trade, string kind, long fen, DateTimeOffset at, string request)
    {
        var (amount, time, fee) = (SignedFields.Yuan(fen), SignedFields.Time(at, "yyyy-MM-dd HH:mm:ss"), SignedFields.Yuan(-(long)Math.Round(fen * 0.006m)));
        text.Append(CultureInfo.InvariantCulture, $"{trade.TradeNo}\t,{trade.Terms.OutTradeNo}\t,{kind}\t,{trade.Terms.Subject},{time},{time},\t,\t,\t,\t,*沙(sand***@example.com)\t,{amount},{amount},0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,{request}\t,{fee},0.00,\r\n");
    }
}
