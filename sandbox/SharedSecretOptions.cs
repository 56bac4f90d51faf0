using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox;

/// <summary>A register that the platform asks under a shared secret; one section of the configuration each, named by <see cref="SharedSecretExtensions"/>.</summary>
public sealed class SharedSecretOptions
{
    public string Secret { get; init; } = "";
}

/// <summary>Every register that is known has its own secret.</summary>
public sealed class SharedSecretOptionsValidator : IValidateOptions<SharedSecretOptions>
{
    public ValidateOptionsResult Validate(string? name, SharedSecretOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Secret.Length < 16 ? ValidateOptionsResult.Fail($"Sandbox:{name}:{nameof(options.Secret)} must have at least 16 characters.") : ValidateOptionsResult.Success;
    }
}

public static class SharedSecretExtensions
{
    /// <summary>The registers, by the name of their section and of their path.</summary>
    private static readonly (Channel Channel, string Path)[] Registers = [(Channel.DisabilityRegister, "/disability-register"), (Channel.IdRegistry, "/id-registry"), (Channel.FaceVerification, "/face-verification")];

    public static void AddSharedSecrets(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SharedSecretOptions>, SharedSecretOptionsValidator>();
        foreach (var (channel, _) in Registers) services.AddOptions<SharedSecretOptions>(channel.ToString()).BindConfiguration($"Sandbox:{channel}").ValidateOnStart();
    }

    public static void UseSharedSecrets(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = app.Services.GetRequiredService<IOptionsMonitor<SharedSecretOptions>>();
        foreach (var (channel, path) in Registers)
            app.UseWhen(context => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal), world => world.UseMiddleware<SharedSecretExchange>(channel, options.Get(channel.ToString()).Secret));
    }
}
