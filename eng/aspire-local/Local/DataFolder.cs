using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace ExamPlatform.AspireLocal;

internal static class DataFolder
{
    /// <summary>A server's own folder: kept with the data when it asked for a volume, ended with the session otherwise.</summary>
    public static string Of(IResource server, LocalMachine machine)
    {
        if (server.Annotations.OfType<DataFolderAnnotation>().LastOrDefault() is not { } kept)
        {
            return Directory.CreateDirectory(Path.Combine(machine.SessionFolder, server.Name)).FullName;
        }

        return Directory.CreateDirectory(Path.Combine(machine.DataFolder, kept.Source ?? server.Name)).FullName;
    }

    /// <summary>
    /// A server that may not run as root cannot enter a data folder below a private home. It then gets one below /var/lib, and the
    /// data folder holds a link to it: whoever removes the data folder starts anew, as no link means that nothing there is wanted.
    /// </summary>
    public static string ReachableByOthers(string folder)
    {
        if (Ancestors(folder).All(d => File.GetUnixFileMode(d).HasFlag(UnixFileMode.OtherExecute))) return folder;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..12];
        var real = Path.Combine("/var/lib/aspire-local", hash);
        var link = Path.Combine(folder, "moved-to");
        if (!Directory.Exists(link) && Directory.Exists(real)) Directory.Delete(real, recursive: true);
        Directory.CreateDirectory(real);
        if (!Directory.Exists(link)) File.CreateSymbolicLink(link, real);
        return real;
    }

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var d = Directory.GetParent(folder); d is not null; d = d.Parent) yield return d.FullName;
    }
}
