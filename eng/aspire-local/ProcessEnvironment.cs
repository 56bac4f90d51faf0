using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace ExamPlatform.AspireLocal;

internal static class ProcessEnvironment
{
    public static async Task<Dictionary<string, string>> ResolveAsync(
        IResource resource, DistributedApplicationExecutionContext execution, Dictionary<string, object> variables, CancellationToken ct)
    {
        var context = new EnvironmentCallbackContext(execution, resource, variables, ct);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList()) await annotation.Callback(context);
        var resolved = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            if (await TextAsync(value, ct) is { } text) resolved[name] = text;
        }

        return resolved;
    }

    public static async Task<List<string>> ArgumentsAsync(IResource resource, CancellationToken ct)
    {
        var context = new CommandLineArgsCallbackContext([], resource, ct);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList()) await annotation.Callback(context);
        var resolved = new List<string>();
        foreach (var arg in context.Args)
        {
            if (await TextAsync(arg, ct) is { } text) resolved.Add(text);
        }

        return resolved;
    }

    private static async ValueTask<string?> TextAsync(object value, CancellationToken ct) => value switch
    {
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(ct),
        IValueProvider provider => await provider.GetValueAsync(ct),
        _ => value.ToString(),
    };
}
