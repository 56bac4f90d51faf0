using System.Net;
using System.Text;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Sandbox;
using ExamPlatform.Sandbox.Alipay;
using ExamPlatform.Sandbox.UnionPay;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Payments.Tests;

/// <summary>The sandbox's Alipay and UnionPay, with the keys of <c>Vectors</c>.</summary>
internal static class OtherBanks
{
    public const string AppId = "2021000000000001", SellerId = "2088000000000001", UnionPayMerchant = "700000000000001", SignerName = "中国银联股份有限公司";

    public static string Vector(string name) => Path.Combine(AppContext.BaseDirectory, "Vectors", name);

    public static void UseOtherBanks(this IWebHostBuilder builder)
    {
        foreach (var (key, value) in ((string, string)[])
        [
            ("Alipay:AppId", AppId), ("Alipay:SellerId", SellerId), ("Alipay:MerchantPublicKeyPath", Vector("alipay-app.pub.pem")), ("Alipay:PrivateKeyPath", Vector("alipay-own.key.pem")),
            ("UnionPay:MerchantId", UnionPayMerchant), ("UnionPay:MerchantCertificatePath", Vector("unionpay-merchant.pem")), ("UnionPay:CertificatePath", Vector("unionpay-bank.pem")),
            ("UnionPay:PrivateKeyPath", Vector("unionpay-bank.key.pem")),
        ]) builder.UseSetting($"Sandbox:{key}", value);
    }

    public static IEnumerable<KeyValuePair<string, string>> Settings(string address) => new Dictionary<string, string>
    {
        ["Payment:Alipay:AppId"] = AppId,
        ["Payment:Alipay:SellerId"] = SellerId,
        ["Payment:Alipay:PrivateKeyPath"] = Vector("alipay-app.key.pem"),
        ["Payment:Alipay:AlipayPublicKeyPath"] = Vector("alipay-own.pub.pem"),
        ["Payment:Alipay:Gateway"] = $"{address}alipay/gateway.do",
        ["Payment:Alipay:NotifyUrl"] = "http://localhost/callbacks/alipay",
        ["Payment:Alipay:ReturnUrl"] = "http://web.test/payments/returned",
        ["Payment:UnionPay:MerchantId"] = UnionPayMerchant,
        ["Payment:UnionPay:CertificatePath"] = Vector("unionpay-merchant.pem"),
        ["Payment:UnionPay:PrivateKeyPath"] = Vector("unionpay-merchant.key.pem"),
        ["Payment:UnionPay:RootCertificatePath"] = Vector("unionpay-root.pem"),
        ["Payment:UnionPay:MiddleCertificatePath"] = Vector("unionpay-middle.pem"),
        ["Payment:UnionPay:SignerName"] = SignerName,
        ["Payment:UnionPay:Gateway"] = $"{address}unionpay/gateway/api",
        ["Payment:UnionPay:FileAddress"] = $"{address}unionpay/files",
        ["Payment:UnionPay:NotifyUrl"] = "http://localhost/callbacks/unionpay",
        ["Payment:UnionPay:ReturnUrl"] = "http://web.test/payments/returned",
    };

    /// <summary>alipay or unionpay.</summary>
    public static string BankOf(string kind) => kind[..kind.IndexOf('-', StringComparison.Ordinal)];

    public static IChannel Channel(this PaymentFixture service, string bank) => service.Services.GetServices<IChannel>().Single(channel => channel.Name == bank);

    /// <summary>A fee with an order of this kind, whose payer may have come to the bank already.</summary>
    public static async Task<(Applications.Contracts.FeeDue Fee, PaymentOrder Order)> OrderedBy(this PaymentFixture service, string kind, bool comes = true)
    {
        var fee = await service.FeeFellDue(channels: [kind]);
        using var answer = await service.TryOrder(fee, kind);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var order = await service.OrderOf(fee);
        if (comes) Assert.Equal(HttpStatusCode.OK, await Come(order.Handle!));
        return (fee, order);
    }

    /// <summary>The payer's browser follows the handle; whoever scans a code does so at the bank.</summary>
    public static async Task<HttpStatusCode> Come(PayHandle handle)
    {
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(handle.Fields ?? new Dictionary<string, string>());
        using var page = handle.Kind == "form" ? await http.PostAsync(new Uri(handle.Value), form) : await http.GetAsync(new Uri(handle.Value));
        return page.StatusCode;
    }

    /// <summary>The callback of a paid order as the bank would send it.</summary>
    public static HttpRequestMessage CallbackOf(this PaymentFixture service, string bank, string number)
    {
        FormCallbacks callbacks = bank == "alipay" ? service.Bank.Services.GetRequiredService<AlipayCallbacks>() : service.Bank.Services.GetRequiredService<UnionPayCallbacks>();
        var body = string.Join('&', callbacks.LastOf(number)!.Fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}"));
        return new(HttpMethod.Post, $"/callbacks/{bank}") { Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded") };
    }

    /// <summary>Misbehaves towards the next requests that name this order.</summary>
    public static Task Misbehave(this PaymentFixture service, string bank, string effect, string number, string? code = null) =>
        service.Bank.Control("behaviour", new { channel = bank == "alipay" ? "alipay" : "unionPay", effect, onlyContaining = number, code });
}
