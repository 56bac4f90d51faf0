using System.Net;
using System.Text;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Contracts;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Tests;

/// <summary>What holds of Alipay and of UnionPay alike, against the sandbox speaking their protocols.</summary>
[Collection(nameof(PaymentFixture))]
public sealed class OtherBankTests(PaymentFixture service)
{
    public static TheoryData<string> Kinds => ["alipay-page", "alipay-wap", "alipay-qr", "unionpay-pc", "unionpay-mobile"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_payer_who_comes_pays_once_however_often_the_callback_does(string kind)
    {
        var (fee, order) = await service.OrderedBy(kind);
        var paidAt = service.Clock.Now.AddSeconds(-7);

        await service.Bank.Control($"{OtherBanks.BankOf(kind)}/pay", new { outTradeNo = order.Number, repeat = 10, parallel = true, successTime = paidAt });
        await Until.Async(async () => (await service.CallbacksAbout(order)).Count(c => c.Verdict != Verdict.Received) == 10, what: "all ten are judged");

        var received = Assert.Single(await service.Published<PaymentReceived>(fee.FeeId));
        Assert.Equal((order.Id, 24400L, kind, paidAt), (received.OrderId, received.AmountInFen, received.Channel, received.PaidAt));
        Assert.Single(await service.CallbacksAbout(order), c => c.Verdict == Verdict.Accepted);
        Assert.Equal((FeeState.Paid, OrderState.Paid), ((await service.Row(fee)).State, (await service.OrderOf(fee)).State));
    }

    [Theory, InlineData("alipay-page", "success"), InlineData("unionpay-pc", "ok")]
    public async Task A_believed_callback_is_answered_in_the_banks_word_and_kept_byte_for_byte(string kind, string word)
    {
        var (_, order) = await service.OrderedBy(kind);
        await service.Bank.Control($"{OtherBanks.BankOf(kind)}/pay", new { outTradeNo = order.Number, dropCallback = true });
        using var callback = service.CallbackOf(OtherBanks.BankOf(kind), order.Number);
        var sent = await callback.Content!.ReadAsStringAsync();

        using var answer = await service.Anonymous().SendAsync(callback);

        Assert.Equal((HttpStatusCode.OK, word), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal(sent, Encoding.UTF8.GetString((await service.CallbacksAbout(order)).Single().Body));
    }

    [Theory]
    [InlineData("alipay-page", "wrongSignature", 401, Verdict.Forged)]
    [InlineData("alipay-page", "tampered", 401, Verdict.Forged)]
    [InlineData("alipay-page", "noSignature", 401, Verdict.Forged)]
    [InlineData("alipay-page", "foreignMerchant", 400, Verdict.WrongFacts)]
    [InlineData("alipay-page", "foreignApp", 400, Verdict.WrongFacts)]
    [InlineData("unionpay-pc", "wrongSignature", 401, Verdict.Forged)]
    [InlineData("unionpay-pc", "ownCertificate", 401, Verdict.Forged)]
    [InlineData("unionpay-pc", "tampered", 401, Verdict.Forged)]
    [InlineData("unionpay-pc", "noSignature", 401, Verdict.Forged)]
    [InlineData("unionpay-pc", "foreignMerchant", 400, Verdict.WrongFacts)]
    public async Task A_forged_callback_changes_nothing_and_stays_as_a_row(string kind, string forgery, int status, Verdict verdict)
    {
        var (fee, order) = await service.OrderedBy(kind);

        var answer = await service.Bank.Control($"{OtherBanks.BankOf(kind)}/forge", new { outTradeNo = order.Number, kind = forgery });

        Assert.Equal((status, "failure"), (answer.GetProperty("status").GetInt32(), answer.GetProperty("body").GetString()));
        var (row, number) = (await service.Query(db => db.BankCallbacks.AsNoTracking().OrderByDescending(c => c.Id).FirstAsync()), Encoding.UTF8.GetBytes(order.Number));
        Assert.True(row.Body.AsSpan().IndexOf(number) >= 0);
        Assert.Equal((verdict, FeeState.Due), (row.Verdict, (await service.Row(fee)).State));
        Assert.Empty(await service.Published<PaymentReceived>(fee.FeeId));
    }

    [Theory, InlineData("alipay-wap"), InlineData("unionpay-mobile")]
    public async Task A_wrong_amount_changes_nothing_and_asking_the_bank_finds_the_truth(string kind)
    {
        var (fee, order) = await service.OrderedBy(kind);

        await service.Bank.Control($"{OtherBanks.BankOf(kind)}/pay", new { outTradeNo = order.Number, amountInFen = 1 });
        await Until.Async(async () => (await service.CallbacksAbout(order)) is [{ Verdict: Verdict.WrongFacts }], what: "the lie is judged");
        Assert.Equal(FeeState.Due, (await service.Row(fee)).State);
        service.Clock.Advance(TimeSpan.FromSeconds(5));

        await service.Becomes(fee, FeeState.Paid);
        Assert.Equal(24400, Assert.Single(await service.Published<PaymentReceived>(fee.FeeId)).AmountInFen);
    }

    [Theory, InlineData("alipay-qr"), InlineData("unionpay-pc")]
    public async Task A_lost_callback_is_made_good_by_asking_and_one_a_day_late_changes_nothing_more(string kind)
    {
        var (fee, order) = await service.OrderedBy(kind);
        var paidAt = service.Clock.Now.AddSeconds(-3);
        await service.Bank.Control($"{OtherBanks.BankOf(kind)}/pay", new { outTradeNo = order.Number, dropCallback = true, successTime = paidAt });
        await service.Look(fee);
        Assert.Equal((FeeState.Paid, paidAt), ((await service.Row(fee)).State, (await service.Row(fee)).PaidAt));

        service.Clock.Advance(TimeSpan.FromDays(1));
        using var answer = await service.Anonymous().SendAsync(service.CallbackOf(OtherBanks.BankOf(kind), order.Number));

        Assert.Equal((HttpStatusCode.OK, Verdict.Repeated), (answer.StatusCode, (await service.CallbacksAbout(order)).Single().Verdict));
        Assert.Single(await service.Published<PaymentReceived>(fee.FeeId));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_order_that_nobody_came_to_is_unpaid_until_its_end_and_missing_after(string kind)
    {
        var (_, order) = await service.OrderedBy(kind, comes: false);
        var bank = service.Channel(OtherBanks.BankOf(kind));
        Assert.InRange(order.ExpiresAt - order.CreatedAt, TimeSpan.FromSeconds(14 * 60 + 59), TimeSpan.FromMinutes(15));
        Assert.IsType<BankAnswer.Unpaid>(await bank.Query(order, CancellationToken.None));
        Assert.IsType<BankAnswer.Unpaid>(await bank.Close(order, CancellationToken.None));

        service.Clock.Advance(TimeSpan.FromMinutes(15)); // the payer may just have come
        Assert.IsType<BankAnswer.Unpaid>(await bank.Close(order, CancellationToken.None));
        service.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.IsType<BankAnswer.Missing>(await bank.Query(order, CancellationToken.None));
        Assert.IsType<BankAnswer.Missing>(await bank.Close(order, CancellationToken.None));
        if (kind != "alipay-qr") Assert.Equal(HttpStatusCode.Conflict, await OtherBanks.Come(order.Handle!));
    }

    [Theory, InlineData("alipay-page"), InlineData("unionpay-pc")]
    public async Task What_the_bank_did_not_sign_is_silence(string kind)
    {
        var (_, order) = await service.OrderedBy(kind);
        var (name, bank) = (OtherBanks.BankOf(kind), service.Channel(OtherBanks.BankOf(kind)));
        await service.Bank.Control($"{name}/pay", new { outTradeNo = order.Number, dropCallback = true });

        foreach (var effect in (string[])["wrongSignature", "drop", "fail"])
        {
            await service.Misbehave(name, effect, order.Number);
            Assert.IsType<BankAnswer.Silent>(await bank.Query(order, CancellationToken.None));
        }
        Assert.IsType<BankAnswer.Paid>(await bank.Query(order, CancellationToken.None));
    }

    [Theory, InlineData("alipay-page"), InlineData("unionpay-pc")]
    public async Task Money_goes_back_in_parts_and_once_for_each_number(string kind)
    {
        var (bank, order) = await Paid(kind);
        var (first, second) = (Some.Refund(service.Clock.Now, 10000), Some.Refund(service.Clock.Now, 14400));

        foreach (var again in (RefundTerms[])[first, first, second]) Assert.False(await bank.Refund(order, again, CancellationToken.None) is RefundAnswer.Refused or RefundAnswer.Silent);

        foreach (var refund in (RefundTerms[])[first, second])
        {
            var done = Assert.IsType<RefundAnswer.Done>(await bank.QueryRefund(order, refund, CancellationToken.None));
            Assert.Equal((refund.AmountInFen, Seconds(service.Clock.Now)), (done.AmountInFen, done.At));
        }
        Assert.IsType<RefundAnswer.Refused>(await bank.Refund(order, Some.Refund(service.Clock.Now, 1), CancellationToken.None));
    }

    [Theory, InlineData("alipay-page"), InlineData("unionpay-pc")]
    public async Task A_refund_whose_answer_is_lost_is_found_by_its_number_and_one_that_never_was_is_missing(string kind)
    {
        var (bank, order) = await Paid(kind);
        var refund = Some.Refund(service.Clock.Now, 24400);
        Assert.IsType<RefundAnswer.Missing>(await bank.QueryRefund(order, refund, CancellationToken.None));

        await service.Misbehave(bank.Name, "loseAnswer", refund.Number);
        var told = await bank.Refund(order, refund, CancellationToken.None);
        Assert.True(told is RefundAnswer.Silent or RefundAnswer.Done, $"{told}"); // .NET sends again by itself what a kept connection lost before the first byte: under its number that is harmless

        Assert.Equal(24400, Assert.IsType<RefundAnswer.Done>(await bank.QueryRefund(order, refund, CancellationToken.None)).AmountInFen);
        Assert.IsType<BankAnswer.Paid>(await bank.Query(order, CancellationToken.None)); // its money did come
    }

    [Theory, InlineData("alipay-page", 146, 60), InlineData("unionpay-pc", 122, 50)]
    public async Task The_bill_of_a_day_tells_each_payment_and_refund_with_its_charge(string kind, long charge, long back)
    {
        var (bank, order) = await Paid(kind);
        var (refund, day) = (Some.Refund(service.Clock.Now, 10000), DateOnly.FromDateTime(service.Clock.Now.ToOffset(TimeSpan.FromHours(8)).DateTime));
        await bank.Refund(order, refund, CancellationToken.None);
        Assert.IsType<BillAnswer.NotReady>(await bank.Bill(day, CancellationToken.None));

        service.Clock.Advance(TimeSpan.FromHours(58));
        var bill = Assert.IsType<BillAnswer.Told>(await bank.Bill(day, CancellationToken.None));

        var lines = bill.Lines.Where(line => line.Number == order.Number).OrderBy(line => line.RefundNumber is not null).ToList();
        Assert.Equal([(null, 24400L, charge, order.TransactionId!), (refund.Number, 10000L, back, order.TransactionId!)], lines.Select(line => (line.RefundNumber, line.AmountInFen, line.ChargeInFen, line.TransactionId)));
        Assert.All(bill.Lines, line => Assert.Equal(day, DateOnly.FromDateTime(line.At.ToOffset(TimeSpan.FromHours(8)).DateTime)));
        Assert.Contains(order.Number, Encoding.Latin1.GetString(bill.Raw), StringComparison.Ordinal);
    }

    private async Task<(IChannel Bank, PaymentOrder Order)> Paid(string kind)
    {
        var (fee, order) = await service.OrderedBy(kind);
        await service.Bank.Control($"{OtherBanks.BankOf(kind)}/pay", new { outTradeNo = order.Number });
        await service.Becomes(fee, FeeState.Paid);
        return (service.Channel(OtherBanks.BankOf(kind)), await service.OrderOf(fee));
    }

    private static DateTimeOffset Seconds(DateTimeOffset at) => new(at.Ticks - at.Ticks % TimeSpan.TicksPerSecond, at.Offset);
}
