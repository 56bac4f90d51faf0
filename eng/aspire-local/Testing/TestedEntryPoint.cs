using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>
/// Runs an AppHost's own Program on a thread of its own, up to Build, where it waits until the test has changed what it wants to
/// change; then to Run, where it waits for the end of the test.
/// </summary>
internal sealed class TestedEntryPoint(Assembly assembly, string[] args, Action<DistributedApplicationOptions>? configure)
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static AsyncLocal<TestedEntryPoint?> Current { get; } = new();

    public Task Ended => _ended.Task;

    public Task<DistributedApplicationBuilder> StartAsync()
    {
        new Thread(Run) { IsBackground = true, Name = "AppHost" }.Start();
        return _builder.Task;
    }

    public Task<DistributedApplication> BuildAsync()
    {
        _mayBuild.TrySetResult();
        return _application.Task;
    }

    public void Adapt(DistributedApplicationOptions options)
    {
        options.Assembly = assembly;
        options.IsTest = true;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        configure?.Invoke(options);
    }

    public DistributedApplication Build(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult();
        var application = builder.BuildApplication();
        _application.TrySetResult(application);
        return application;
    }

    public void End()
    {
        _mayBuild.TrySetCanceled();
        _ended.TrySetResult();
    }

    private void Run()
    {
        Current.Value = this;
        try
        {
            var main = assembly.EntryPoint ?? throw new DistributedApplicationException($"{assembly.GetName().Name} has no entry point.");
            main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, main.GetParameters().Length == 0 ? [] : [args], null);
            Fail(new DistributedApplicationException($"{assembly.GetName().Name} ended without building an application."));
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void Fail(Exception e)
    {
        _builder.TrySetException(e);
        _application.TrySetException(e);
        _ = _builder.Task.Exception;
        _ = _application.Task.Exception;
    }
}
