using System.Net;
using System.Text;
using ExamPlatform.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Tests;

/// <summary>Receipts of payments and refunds.</summary>
[Collection(nameof(PaymentFixture))]
public class ReceiptTests(PaymentFixture service)
{
    [Theory]
    [InlineData(0, "零元整")]
    [InlineData(1, "壹分")]
    [InlineData(10, "壹角整")]
    [InlineData(105, "壹元零伍分")]
    [InlineData(110, "壹元壹角整")]
    [InlineData(111, "壹元壹角壹分")]
    [InlineData(24400, "贰佰肆拾肆元整")]
    [InlineData(1000, "壹拾元整")]
    [InlineData(100100, "壹仟零壹元整")]
    [InlineData(1000000, "壹万元整")]
    [InlineData(10050000, "壹拾万零伍佰元整")]
    [InlineData(12345678_90, "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角整")]
    [InlineData(1_0000_0000_00, "壹亿元整")]
    [InlineData(1_0000_0001_00, "壹亿零壹元整")]
    [InlineData(10_0203_0405_06, "壹拾亿零贰佰零叁万零肆佰零伍元零陆分")]
    public void Amounts_are_written_in_capital_figures(long fen, string words) => Assert.Equal(words, RmbCapital.Of(fen));

    [Fact]
    public async Task A_receipt_says_who_paid_what_how_and_when_and_no_document_number()
    {
        var (fee, order) = await service.Paid();

        using var answer = await Get(fee.CandidateId, order.Id, "text/html");

        var page = await answer.Content.ReadAsStringAsync();
        foreach (var said in (string[])["考试费缴费收据", "张三", "244.00元", "贰佰肆拾肆元整", order.Number, "transaction-" + order.Number, "Subject 1"]) Assert.Contains(said, page, StringComparison.Ordinal);
        Assert.DoesNotContain(IdentityFake.DocumentNumber, page, StringComparison.Ordinal);
        Assert.Equal("no-store, private", answer.Headers.CacheControl!.ToString());
        Assert.Contains("default-src 'none'; style-src 'sha256-", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_words_and_never_part_of_the_page()
    {
        var (fee, order) = await service.Paid();
        service.Identity.Names[fee.CandidateId.ToString()] = "<b>&张三";

        var page = await (await Get(fee.CandidateId, order.Id, "text/html")).Content.ReadAsStringAsync();

        Assert.Contains("&lt;b&gt;&amp;张三", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_stays_as_it_was_made_and_lies_sealed()
    {
        var (fee, order) = await service.Paid();
        var first = await (await Get(fee.CandidateId, order.Id, "text/html")).Content.ReadAsStringAsync();
        service.Identity.Names[fee.CandidateId.ToString()] = "李四";
        service.Clock.Advance(TimeSpan.FromHours(1));

        var pages = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => await (await Get(fee.CandidateId, order.Id, "text/html")).Content.ReadAsStringAsync()));

        Assert.All(pages, page => Assert.Equal(first, page));
        var kept = (await service.Query(db => db.Receipts.AsNoTracking().SingleAsync(r => r.Id == order.Id))).SealedPage!;
        Assert.DoesNotContain("张三", Encoding.UTF8.GetString(kept), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_can_be_had_as_a_tagged_pdf_once_printed_for_good()
    {
        var (fee, order) = await service.Paid();

        var pdf = await (await Get(fee.CandidateId, order.Id, "application/pdf")).Content.ReadAsByteArrayAsync();
        var again = await (await Get(fee.CandidateId, order.Id, "application/pdf")).Content.ReadAsByteArrayAsync();

        Assert.Equal("%PDF-"u8.ToArray(), pdf[..5]);
        Assert.Contains("/StructTreeRoot", Encoding.Latin1.GetString(pdf), StringComparison.Ordinal);
        Assert.Equal(pdf, again);
    }

    [Fact]
    public async Task A_refund_has_a_receipt_of_its_own_when_it_is_done()
    {
        var (fee, order) = await service.Paid();
        service.Scripted.Says(order, new RefundAnswer.Pending(), new RefundAnswer.Done("bank-77", 1000, service.Clock.Now));
        var refund = await service.RefundApproved(order, 1000);
        await service.Becomes(refund, RefundState.Sent);
        Assert.Equal(HttpStatusCode.NotFound, (await Get(fee.CandidateId, refund.Id, "text/html")).StatusCode);
        service.Clock.Advance(TimeSpan.FromSeconds(5));
        await service.Becomes(refund, RefundState.Done);

        var page = await (await Get(fee.CandidateId, refund.Id, "text/html")).Content.ReadAsStringAsync();

        foreach (var said in (string[])["考试费退费凭证", "10.00元", "壹拾元整", "bank-77"]) Assert.Contains(said, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_receipt_of_what_is_not_paid_somebody_elses_or_practice()
    {
        var ((unpaid, open), (_, order), trial) = (await service.OrderedByScript(), await service.Paid(), await service.FeeFellDue(trial: true));
        using var practised = await service.TryOrder(trial, "practice");

        Assert.Equal(HttpStatusCode.NotFound, (await Get(unpaid.CandidateId, open.Id, "text/html")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Get(Guid.NewGuid(), order.Id, "text/html")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Get(trial.CandidateId, (await service.OrderOf(trial)).Id, "text/html")).StatusCode);
    }

    private Task<HttpResponseMessage> Get(Guid candidate, Guid id, string accept)
    {
        var client = service.Candidate(candidate);
        client.DefaultRequestHeaders.Accept.ParseAdd(accept);
        return client.GetAsync($"/api/payments/receipts/{id}");
    }
}
