using Microsoft.Extensions.Options;

namespace ExamPlatform.Sandbox.DisabilityRegister;

public sealed class DisabilityRegisterOptions
{
    public const string Section = "Sandbox:DisabilityRegister";

    /// <summary>Shared with the one platform that may ask.</summary>
    public string Secret { get; init; } = "";
}

public sealed class DisabilityRegisterOptionsValidator : IValidateOptions<DisabilityRegisterOptions>
{
    public ValidateOptionsResult Validate(string? name, DisabilityRegisterOptions options) => options.Secret.Length < 16
        ? ValidateOptionsResult.Fail($"{DisabilityRegisterOptions.Section}:{nameof(options.Secret)} must have at least 16 characters.")
        : ValidateOptionsResult.Success;
}
