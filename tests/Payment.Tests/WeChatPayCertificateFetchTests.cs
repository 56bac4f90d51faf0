using ExamPlatform.Payments.Channels.WeChatPay;
using ExamPlatform.Sandbox.WeChatPay;
using ExamPlatform.Testing;
using Microsoft.Extensions.DependencyInjection;
using WeChatPayKeys = ExamPlatform.Payments.Channels.WeChatPay.WeChatPayKeys;

namespace ExamPlatform.Payments.Tests;

/// <summary>Platform certificates as the sandbox tells them.</summary>
[Collection(nameof(PaymentFixture))]
public class WeChatPayCertificateFetchTests(PaymentFixture service)
{
    private AnswerSignature Signature => service.Bank.Services.GetRequiredService<AnswerSignature>();

    [Fact]
    public async Task What_is_signed_under_a_certificate_is_believed_once_it_was_fetched_which_the_service_does_at_its_start()
    {
        var signed = Signed(Signature.For("{}", serial: Signature.CertificateSerial));

        await Known(signed);

        Assert.Equal("the signature does not fit", service.Services.GetRequiredService<WeChatPayKeys>().Verify(signed, "{ }"u8, service.Clock.Now));
    }

    [Fact]
    public async Task Certificates_are_taken_in_only_by_a_signature_that_fits()
    {
        await Known(Signed(Signature.For("{}", serial: Signature.CertificateSerial))); // the service's own asking is over
        await service.Bank.Misbehave("wrongSignature", "/v3/certificates");
        Assert.Equal("the signature does not fit", await service.Services.GetRequiredService<WeChatPayExchange>().FetchCertificates(CancellationToken.None));

        Assert.Null(await service.Services.GetRequiredService<WeChatPayExchange>().FetchCertificates(CancellationToken.None));
    }

    private Task Known(WeChatPaySigned signed) =>
        Until.Async(() => Task.FromResult(service.Services.GetRequiredService<WeChatPayKeys>().Verify(signed, "{}"u8, service.Clock.Now) is null), what: "the certificate is known");

    private static WeChatPaySigned Signed(Dictionary<string, string> headers)
    {
        var all = new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase);
        return WeChatPaySigned.From(all.GetValueOrDefault);
    }
}
