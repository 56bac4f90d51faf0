using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace ExamPlatform.FillInFeed;

/// <summary>Writes one package as a .nupkg with the untouched official assemblies; the same input gives the same bytes.</summary>
internal static class PackageFile
{
    private const string Framework = "net10.0";
    private static readonly XNamespace Nuspec = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";
    private static readonly XNamespace ContentTypes = "http://schemas.openxmlformats.org/package/2006/content-types";
    private static readonly XNamespace Relationships = "http://schemas.openxmlformats.org/package/2006/relationships";
    private static readonly DateTimeOffset FixedDate = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string Write(BundledPackage package, SingleFileBundle bundle, string folder)
    {
        // The single-file bundle is flat: lib/net10.0/Name.dll lies there as Name.dll.
        var assemblies = package.Assemblies.ToDictionary(path => path, path => bundle.Read(Path.GetFileName(path)));
        var target = Path.Combine(folder, $"{package.Id}.{package.Version}.nupkg");
        using var zip = new ZipArchive(File.Create(target), ZipArchiveMode.Create);
        Add(zip, "_rels/.rels", RelationshipsOf(package));
        Add(zip, $"{package.Id}.nuspec", NuspecOf(package, assemblies.Values.Any(UsesSharedFramework)));
        Add(zip, "[Content_Types].xml", ContentTypesOf());
        foreach (var (path, content) in assemblies) Add(zip, path, content);

        // Without any file under lib/, NuGet would hold the package to suit no framework at all.
        if (assemblies.Count == 0) Add(zip, $"lib/{Framework}/_._", []);
        return target;
    }

    private static XDocument NuspecOf(BundledPackage package, bool usesSharedFramework)
    {
        var needed = package.Dependencies.Select(d => Dependency(d.Id, d.Version));

        // A build-time package leaves no trace in deps.json; this one makes .proto files compile.
        if (package.Id == "Grpc.AspNetCore") needed = needed.Append(Dependency("Grpc.Tools", package.Version, new XAttribute("include", "All")));
        var folders = package.Assemblies.Select(path => path.Split('/')[1]).DefaultIfEmpty(Framework).Distinct();

        return new(new XElement(Nuspec + "package", new XElement(
            Nuspec + "metadata",
            new XElement(Nuspec + "id", package.Id),
            new XElement(Nuspec + "version", package.Version),
            new XElement(Nuspec + "authors", "The package's own; repacked from the Aspire dashboard"),
            new XElement(Nuspec + "description", $"{package.Id} as the Aspire dashboard carries it."),
            new XElement(Nuspec + "dependencies", folders.Select(f => Group(f, needed))),
            usesSharedFramework ? new XElement(Nuspec + "frameworkReferences", folders.Select(f => Group(f, [FrameworkReference()]))) : null)));
    }

    // deps.json drops the Microsoft.Extensions.* packages, because the dashboard gets them from the shared framework. So do ours.
    private static bool UsesSharedFramework(byte[] assembly)
    {
        using var image = new PEReader(new MemoryStream(assembly));
        var metadata = image.GetMetadataReader();
        return metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Any(name => name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal));
    }

    private static XElement Group(string framework, IEnumerable<XElement> members) =>
        new(Nuspec + "group", new XAttribute("targetFramework", framework), members.Select(m => new XElement(m)));

    private static XElement Dependency(string id, string version, params XAttribute[] more) =>
        new(Nuspec + "dependency", new XAttribute("id", id), new XAttribute("version", version), more);

    private static XElement FrameworkReference() => new(Nuspec + "frameworkReference", new XAttribute("name", "Microsoft.AspNetCore.App"));

    private static XDocument ContentTypesOf() => new(new XElement(
        ContentTypes + "Types",
        new[] { ("rels", "application/vnd.openxmlformats-package.relationships+xml"), ("nuspec", "application/octet"), ("dll", "application/octet") }
            .Select(type => new XElement(ContentTypes + "Default", new XAttribute("Extension", type.Item1), new XAttribute("ContentType", type.Item2)))));

    private static XDocument RelationshipsOf(BundledPackage package) => new(new XElement(
        Relationships + "Relationships",
        new XElement(
            Relationships + "Relationship",
            new XAttribute("Type", "http://schemas.microsoft.com/packaging/2010/07/manifest"),
            new XAttribute("Target", $"/{package.Id}.nuspec"),
            new XAttribute("Id", "nuspec"))));

    private static void Add(ZipArchive zip, string path, XDocument content) => Add(zip, path, Encoding.UTF8.GetBytes(content.ToString()));

    private static void Add(ZipArchive zip, string path, byte[] content)
    {
        var entry = zip.CreateEntry(path, CompressionLevel.Fastest);
        entry.LastWriteTime = FixedDate;
        using var stream = entry.Open();
        stream.Write(content);
    }
}
