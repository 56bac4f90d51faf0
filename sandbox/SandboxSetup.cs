using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExamPlatform.Sandbox.Sms;
using ExamPlatform.Sandbox.WeChatPay;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox;

public static class SandboxSetup
{
    public static void AddSandbox(this WebApplicationBuilder builder)
    {
        builder.Host.UseDefaultServiceProvider(options => options.ValidateScopes = options.ValidateOnBuild = true);
        var services = builder.Services;
        services.AddHealthChecks();
        services.AddProblemDetails();
        services.TryAddSingleton<TimeProvider>(_ => new ShiftedTimeProvider(Environment.GetEnvironmentVariable("EXAM_CLOCK_FILE")));
        services.ConfigureHttpJsonOptions(json => ControlJson(json.SerializerOptions));
        services.AddOptions<WeChatPayOptions>().BindConfiguration(WeChatPayOptions.Section).ValidateOnStart();
        services.AddOptions<AliyunSmsOptions>().BindConfiguration(AliyunSmsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WeChatPayOptions>, WeChatPayOptionsValidator>();
        services.AddSingleton<IValidateOptions<AliyunSmsOptions>, AliyunSmsOptionsValidator>();

        // Both channels give a receiver five seconds; what comes later counts as no answer.
        services.AddHttpClient(Platform.Client, client => client.Timeout = TimeSpan.FromSeconds(5))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        services.AddSingleton<Platform>();
        services.AddSingleton<Behaviours>();
        services.AddSingleton<UsedNonces>();
        services.AddSingleton<WeChatPayKeys>();
        services.AddSingleton<AnswerSignature>();
        services.AddSingleton<OrderBook>();
        services.AddSingleton<Callbacks>();
        services.AddSingleton<SentMessages>();
        services.AddSingleton<DeliveryReceipts>();
    }

    private static void ControlJson(JsonSerializerOptions json)
    {
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectRequiredConstructorParameters = true;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }
}
