using ExamPlatform.Payments.Channels;
using ExamPlatform.Sandbox.WeChatPay;
using Microsoft.Extensions.DependencyInjection;
using RefundTerms = ExamPlatform.Payments.Channels.RefundTerms;

namespace ExamPlatform.Payments.Tests;

[Collection(nameof(PaymentFixture))]
public class WeChatPayRefundTests(PaymentFixture service)
{
    private readonly RefundTerms terms = new(Guid.NewGuid().ToString("N"), 4400, "exam fee");

    private IChannel Channel => service.Services.GetServices<IChannel>().Single(c => c.Name == "wechat-pay");

    [Fact]
    public async Task A_refund_is_taken_on_and_told_when_it_is_done()
    {
        var order = await Paid();

        var asked = await Channel.Refund(order, terms, default);

        Assert.True(asked is RefundAnswer.Pending or RefundAnswer.Done, asked.ToString());
        var done = Assert.IsType<RefundAnswer.Done>(await Channel.QueryRefund(order, terms, default));
        Assert.Equal((4400, service.Clock.Now), (done.AmountInFen, done.At));
    }

    [Fact]
    public async Task A_refund_asked_again_with_its_number_goes_back_once_and_more_than_is_left_is_refused()
    {
        var order = await Paid();

        await Channel.Refund(order, terms, default);
        await Channel.Refund(order, terms, default);
        var tooMuch = await Channel.Refund(order, new(Guid.NewGuid().ToString("N"), 20001, "exam fee"), default);
        var rest = await Channel.Refund(order, new(Guid.NewGuid().ToString("N"), 20000, "exam fee"), default);

        Assert.IsType<RefundAnswer.Refused>(tooMuch);
        Assert.IsNotType<RefundAnswer.Refused>(rest);
        Assert.Equal(24400, Refunds.All.Where(r => r.Terms.OutTradeNo == order.Number).Sum(r => r.Terms.RefundInFen));
    }

    [Theory]
    [InlineData(RefundStatus.Abnormal, typeof(RefundAnswer.Abnormal))]
    [InlineData(RefundStatus.Closed, typeof(RefundAnswer.Refused))]
    [InlineData(RefundStatus.Processing, typeof(RefundAnswer.Pending))]
    public async Task A_refund_that_does_not_arrive_is_told_as_what_it_is(RefundStatus status, Type answer)
    {
        var order = await Paid();
        await service.Bank.Control("wechat-pay/refunds", new { outTradeNo = order.Number, status = status.ToString().ToLowerInvariant(), dropCallback = true });

        await Channel.Refund(order, terms, default);

        Assert.IsType(answer, await Channel.QueryRefund(order, terms, default));
    }

    [Fact]
    public async Task A_refund_nobody_asked_for_is_missing_and_silence_is_no_answer()
    {
        var order = await Paid();

        Assert.IsType<RefundAnswer.Missing>(await Channel.QueryRefund(order, terms, default));
        await service.Bank.Misbehave("fail", order.Number);
        Assert.IsType<RefundAnswer.Silent>(await Channel.Refund(order, terms, default));
        await service.Bank.Misbehave("wrongSignature", terms.Number);
        Assert.IsType<RefundAnswer.Silent>(await Channel.QueryRefund(order, terms, default));
    }

    [Fact]
    public async Task An_order_of_which_money_went_back_is_still_a_paid_one()
    {
        var order = await Paid();

        await Channel.Refund(order, terms, default);

        Assert.Equal(24400, Assert.IsType<BankAnswer.Paid>(await Channel.Query(order, default)).AmountInFen);
    }

    [Theory]
    [InlineData(RefundStatus.Success, typeof(RefundAnswer.Done))]
    [InlineData(RefundStatus.Abnormal, typeof(RefundAnswer.Abnormal))]
    [InlineData(RefundStatus.Closed, typeof(RefundAnswer.Refused))]
    public async Task A_callback_about_a_refund_names_the_refund_and_says_nothing_about_the_payment(RefundStatus status, Type told)
    {
        var order = await Paid();
        await service.Bank.Control("wechat-pay/refunds", new { outTradeNo = order.Number, status = status.ToString().ToLowerInvariant(), dropCallback = true });
        await Channel.Refund(order, terms, default);

        var reading = Channel.Read(Callback(terms.Number));

        Assert.Equal((null, null, order.Number, terms.Number), (reading.Refused, reading.Answer, reading.Number, reading.RefundNumber));
        Assert.IsType(told, reading.Refunded);
    }

    [Fact]
    public async Task The_bill_of_a_day_tells_payments_and_refunds_in_fen()
    {
        var order = await Paid();
        await Channel.Refund(order, terms, default);
        var day = DateOnly.FromDateTime(service.Clock.Now.ToOffset(TimeSpan.FromHours(8)).Date);
        Assert.IsType<BillAnswer.Silent>(await Channel.Bill(day, default));
        service.Clock.Advance(TimeSpan.FromDays(1));

        var told = Assert.IsType<BillAnswer.Told>(await Channel.Bill(day, default));

        var lines = told.Lines.Where(l => l.Number == order.Number).OrderBy(l => l.RefundNumber).ToList();
        Assert.Equal([(null, 24400, 146), (terms.Number, 4400, 26)], lines.Select(l => (l.RefundNumber, l.AmountInFen, l.ChargeInFen)));
        Assert.All(lines, line => Assert.Equal(service.Bank.Find(order.Number)!.TransactionId, line.TransactionId));
    }

    private Refunds Refunds => service.Bank.Services.GetRequiredService<Refunds>();

    private async Task<PaymentOrder> Paid()
    {
        var (fee, order) = await service.Ordered();
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number });
        await service.Becomes(fee, FeeState.Paid);
        return await service.OrderOf(fee);
    }

    private BankCallback Callback(string number)
    {
        using var request = service.Bank.Callback(number);
        return new()
        {
            Id = Guid.NewGuid(),
            Channel = Channel.Name,
            ReceivedAt = service.Clock.Now,
            Headers = System.Text.Json.JsonSerializer.Serialize(request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.First())),
            Body = request.Content!.ReadAsByteArrayAsync().GetAwaiter().GetResult(),
        };
    }
}
