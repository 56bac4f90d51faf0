using System.Reflection;

namespace ExamPlatform.AspireLocal.Tests;

/// <summary>A test that starts real processes; where the registry has the Aspire packages, setup does not fetch the tools it needs. Tools that ought to be there and are not let it fail.</summary>
public sealed class NeedsToolsFactAttribute : FactAttribute
{
    public NeedsToolsFactAttribute()
    {
        var dcp = typeof(Projects.SampleHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "dcpclipath");
        if (dcp is null) Skip = "No local Aspire tools: the stock packages are used on this machine.";
    }
}
