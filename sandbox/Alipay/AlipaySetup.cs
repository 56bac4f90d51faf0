using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.Alipay;

/// <summary>Nothing where it is not configured.</summary>
public static class AlipaySetup
{
    public static void AddAlipay(this WebApplicationBuilder builder)
    {
        if (!builder.Configuration.GetSection(AlipayOptions.Section).Exists()) return;
        var services = builder.Services;
        services.AddOptions<AlipayOptions>().BindConfiguration(AlipayOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlipayOptions>, AlipayOptionsValidator>();
        services.AddKeyedSingleton("alipay", (provider, _) =>
        {
            var o = provider.GetRequiredService<IOptions<AlipayOptions>>().Value;
            return new SandboxKeys(File.ReadAllText(o.MerchantPublicKeyPath), File.ReadAllText(o.PrivateKeyPath));
        });
        services.AddSingleton<AlipayBook>();
        services.AddSingleton<AlipayCallbacks>();
        services.AddSingleton<AlipayBills>();
    }

    public static void MapAlipay(this RouteGroupBuilder open, IConfiguration configuration)
    {
        if (configuration.GetSection(AlipayOptions.Section).Exists()) AlipayControl.Map(open);
    }
}
