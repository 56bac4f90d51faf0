using ExamPlatform.Sandbox.WeChatPay;

namespace ExamPlatform.Sandbox.Control;

public static class ListOrders
{
    public static IEnumerable<BankOrder> Handle(OrderBook book, string? outTradeNo = null) =>
        book.All.Where(order => outTradeNo is null || order.Terms.OutTradeNo == outTradeNo);
}
