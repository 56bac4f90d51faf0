using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ExamPlatform.Payments.Tests;

/// <summary>What officers see of refunds, and what they may write.</summary>
[Collection(nameof(PaymentFixture))]
public class RefundListTests(PaymentFixture service)
{
    [Fact]
    public async Task Refunds_are_listed_for_officers_of_the_place_only()
    {
        var (_, order) = await service.Paid();
        var refund = await service.RefundAsked(order);

        Assert.Contains(await List(service.Province()), r => Id(r) == refund.Id);
        Assert.DoesNotContain(await List(service.Province(area: "350000/")), r => Id(r) == refund.Id);
    }

    [Fact]
    public async Task Refunds_are_listed_by_where_they_stand()
    {
        var (_, order) = await service.Paid();
        var refund = await service.RefundAsked(order);

        Assert.Contains(await List(service.Province(), "?state=asked"), r => Id(r) == refund.Id);
        Assert.DoesNotContain(await List(service.Province(), "?state=declined"), r => Id(r) == refund.Id);
    }

    [Fact]
    public async Task Whoever_asked_is_told_that_a_refund_is_their_own_and_nobody_else()
    {
        var (officer, (_, order)) = (Guid.NewGuid(), await service.Paid());
        var refund = await service.RefundAsked(order, by: officer);

        Assert.True((await List(service.Province(officer))).Single(r => Id(r) == refund.Id).GetProperty("mine").GetBoolean());
        Assert.False((await List(service.Province())).Single(r => Id(r) == refund.Id).GetProperty("mine").GetBoolean());
    }

    [Fact]
    public async Task An_officers_words_are_not_too_many_and_plain()
    {
        var (_, order) = await service.Paid();

        foreach (var (reason, code) in ((string, string)[])[(new string('字', 501), "too-long"), ("退考\u0007", "control-character")])
        {
            using var answer = await service.TryRefund(order, reason: reason);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(code, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var most = await service.TryRefund(order, reason: new string('字', 499) + "\n");
        Assert.Equal(HttpStatusCode.Created, most.StatusCode);
    }

    private static async Task<List<JsonElement>> List(HttpClient officer, string query = "") =>
        [.. (await officer.GetFromJsonAsync<JsonElement>($"/api/payments/refunds{query}")).GetProperty("refunds").EnumerateArray()];

    private static Guid Id(JsonElement refund) => refund.GetProperty("refundId").GetGuid();
}
