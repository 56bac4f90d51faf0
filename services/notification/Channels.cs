using ExamPlatform.Notifications.Features;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Notifications;

/// <summary>What brings notices to people, of what the operator has set up.</summary>
public static class Channels
{
    public static void AddChannels(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<NotificationOptions>().BindConfiguration(NotificationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<AliyunSmsOptions>().BindConfiguration(AliyunSmsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AliyunSmsOptions>, AliyunSmsOptionsValidator>();
        services.AddOptions<WeChatOptions>().BindConfiguration(WeChatOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WeChatOptions>, WeChatOptionsValidator>();
        services.AddHttpClient<AliyunSmsGateway>(AliyunSmsGateway.Configure);
        services.AddTransient<ISmsGateway>(each => each.GetRequiredService<AliyunSmsGateway>());
        services.AddOptions<TencentSmsOptions>().BindConfiguration(TencentSmsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TencentSmsOptions>, TencentSmsOptionsValidator>();
        services.AddHttpClient<TencentSmsGateway>(TencentSmsGateway.Configure);
        if (builder.Configuration[$"{TencentSmsOptions.Section}:{nameof(TencentSmsOptions.SecretId)}"] is { Length: > 0 }) services.AddTransient<ISmsGateway>(each => each.GetRequiredService<TencentSmsGateway>());
        services.AddSingleton<SmsHealth>().AddTransient<SmsGateways>();
        services.AddSingleton<AccessTokens>().AddHttpClient<WeChatSender>(WeChatSender.Configure);
        services.AddTransient<IMessageChannel, WeChatTemplateMessages>().AddTransient<IMessageChannel, WeChatSubscribeMessages>();
        services.AddOptions<BaiduOptions>().BindConfiguration(BaiduOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BaiduOptions>, BaiduOptionsValidator>();
        services.AddHttpClient<BaiduMessages>(BaiduMessages.Configure);
        services.AddTransient<IMessageChannel>(each => each.GetRequiredService<BaiduMessages>());
        services.AddTransient<Routes>().AddTransient<Followers>();
    }
}
