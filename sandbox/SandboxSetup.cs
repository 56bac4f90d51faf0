using ExamPlatform.Sandbox.Alipay;
using ExamPlatform.Sandbox.DisabilityRegister;
using ExamPlatform.Sandbox.Sms;
using ExamPlatform.Sandbox.UnionPay;
using ExamPlatform.Sandbox.WeChat;
using ExamPlatform.Sandbox.WeChatPay;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox;

public static class SandboxSetup
{
    public static void AddSandbox(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        var services = builder.Services;
        services.AddOptions<WeChatPayOptions>().BindConfiguration(WeChatPayOptions.Section).ValidateOnStart();
        services.AddOptions<AliyunSmsOptions>().BindConfiguration(AliyunSmsOptions.Section).ValidateOnStart();
        services.AddOptions<TencentSmsOptions>().BindConfiguration(TencentSmsOptions.Section);
        services.AddSharedSecrets();
        services.AddOptions<WeChatOptions>().BindConfiguration(WeChatOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WeChatOptions>, WeChatOptionsValidator>();
        services.AddSingleton<IValidateOptions<WeChatPayOptions>, WeChatPayOptionsValidator>();
        services.AddSingleton<IValidateOptions<AliyunSmsOptions>, AliyunSmsOptionsValidator>();

        // Both channels give a receiver five seconds; what comes later counts as no answer.
        services.AddHttpClient(Platform.Client, client => client.Timeout = TimeSpan.FromSeconds(5))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        builder.AddAlipay();
        builder.AddUnionPay();
        services.AddSingleton<Platform>();
        services.AddSingleton<Behaviours>();
        services.AddSingleton<UsedNonces>();
        services.AddSingleton<WeChatPayKeys>();
        services.AddSingleton<AnswerSignature>();
        services.AddSingleton<OrderBook>();
        services.AddSingleton<Callbacks>();
        services.AddSingleton<Refunds>();
        services.AddSingleton<Control.RefundFates>();
        services.AddSingleton<Bills>();
        services.AddSingleton<Chsi.Reports>();
        services.AddSingleton<SentMessages>();
        services.AddSingleton<DeliveryReceipts>();
        services.AddSingleton<Replies>();
        services.AddSingleton<TencentSms>();
        services.AddSingleton<RegisteredPeople>();
        services.AddSingleton<IdRegistry.KnownIds>();
        services.AddSingleton<FaceVerification.Verifications>();
        services.AddSingleton<WeChatWorld>();
        services.AddSingleton<Events>();
        services.AddSingleton<SentNews>().AddSingleton<MassSends>();
    }
}
