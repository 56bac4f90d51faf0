using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.UnionPay;

/// <summary>Nothing where it is not configured.</summary>
public static class UnionPaySetup
{
    public static void AddUnionPay(this WebApplicationBuilder builder)
    {
        if (!builder.Configuration.GetSection(UnionPayOptions.Section).Exists()) return;
        var services = builder.Services;
        services.AddOptions<UnionPayOptions>().BindConfiguration(UnionPayOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<UnionPayOptions>, UnionPayOptionsValidator>();
        services.AddSingleton<UnionPaySignature>();
        services.AddSingleton<UnionPayBook>();
        services.AddSingleton<UnionPayCallbacks>();
        services.AddSingleton<UnionPayBills>();
    }

    public static void MapUnionPay(this RouteGroupBuilder open, IConfiguration configuration)
    {
        if (configuration.GetSection(UnionPayOptions.Section).Exists()) UnionPayControl.Map(open);
    }
}
