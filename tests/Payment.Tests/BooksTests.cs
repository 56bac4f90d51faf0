using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Payments.Tests;

/// <summary>What national officers are shown of books and of callbacks that were not believed.</summary>
[Collection(nameof(PaymentFixture))]
public class BooksTests(PaymentFixture service)
{
    [Fact]
    public async Task Balances_are_those_at_the_end_of_the_last_day_asked_for()
    {
        await service.Paid();

        Assert.NotEmpty((await Get("ledger")).GetProperty("balances").EnumerateArray());
        Assert.Empty((await Get("ledger?from=2020-01-01&until=2020-01-02")).GetProperty("balances").EnumerateArray());
    }

    [Fact]
    public async Task Only_callbacks_that_were_not_believed_are_listed_and_nothing_of_what_they_held()
    {
        using var forged = await service.Anonymous().PostAsync("/callbacks/wechat-pay", new StringContent("{\"secret\":1}", Encoding.UTF8, "application/json"));
        var (_, order) = await service.Ordered();
        await service.Bank.Control("wechat-pay/pay", new { outTradeNo = order.Number });
        await Testing.Until.Async(async () => (await service.CallbacksAbout(order)).Count > 0, what: "the callback is judged");

        var listed = (await Get("refused-callbacks")).GetProperty("callbacks");

        var kept = await service.Query(db => db.BankCallbacks.AsNoTracking().Where(c => c.Verdict == Verdict.Forged).OrderByDescending(c => c.Id).FirstAsync());
        Assert.Contains(listed.EnumerateArray(), c => c.GetProperty("id").GetGuid() == kept.Id);
        Assert.All(listed.EnumerateArray(), c => Assert.Contains(c.GetProperty("verdict").GetString(), (string[])["forged", "unreadable", "wrongFacts"]));
        Assert.DoesNotContain("secret", listed.GetRawText(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> Get(string book) => await service.Officer("national", "").GetFromJsonAsync<JsonElement>($"/api/payments/{book}");
}
