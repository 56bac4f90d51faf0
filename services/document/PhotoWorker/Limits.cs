using System.Runtime.InteropServices;

namespace ExamPlatform.Photos;

/// <summary>What the kernel holds this process to, whatever a decoder does (man setrlimit). Set before the first byte of a picture is read. The wall clock is the service's, which kills.</summary>
internal static partial class Limits
{
    private const int Cpu = 0, FileSize = 1, Core = 4, OpenFiles = 7, AddressSpace = 9; // Linux
    private const ulong MaxAddressSpace = 3UL << 29; // 1.5 GiB beyond what the runtime has reserved

    public static void Set()
    {
        if (!OperatingSystem.IsLinux()) return;
        Limit(AddressSpace, Reserved() + MaxAddressSpace);
        Limit(FileSize, 4 << 20); // the small ones in which code made at run time lies
        Limit(Core, 0);
        Limit(OpenFiles, 128);
    }

    /// <summary>From now on so many seconds of processor time, for all threads together; beyond them the kernel ends the process.</summary>
    public static void GrantCpu(int seconds)
    {
        if (!OperatingSystem.IsLinux()) return;
        var used = (ulong)Math.Ceiling(Environment.CpuUsage.TotalTime.TotalSeconds);
        var limit = new Pair { Soft = used + (ulong)seconds, Hard = ulong.MaxValue };
        if (SetLimit(Cpu, limit) != 0) throw new InvalidOperationException($"setrlimit: {Marshal.GetLastPInvokeError()}");
    }

    private static void Limit(int what, ulong most)
    {
        if (SetLimit(what, new() { Soft = most, Hard = most }) != 0) throw new InvalidOperationException($"setrlimit {what}: {Marshal.GetLastPInvokeError()}");
    }

    // the runtime reserves far more than it uses
    private static ulong Reserved() => ulong.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) * (ulong)Environment.SystemPageSize;

    private struct Pair
    {
        public ulong Soft, Hard;
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Pair limit);
}
