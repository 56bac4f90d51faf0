using ExamPlatform.FillInFeed;

// Official packages some registries lack, at the versions that travel inside the Aspire dashboard. OpenTelemetry itself is not
// among them: the registries serve it newer than the dashboard carries it.
string[] wanted =
[
    "Google.Protobuf", "Grpc.*", "Microsoft.Bcl.Cryptography", "Microsoft.IdentityModel.*", "OpenTelemetry.Extensions.Hosting",
    "System.IO.Hashing", "System.IdentityModel.Tokens.Jwt",
];

if (args is not [var program, var folder])
{
    Console.Error.WriteLine("usage: FillInFeed <path of aspire-managed> <folder to fill>");
    return 2;
}

try
{
    using var bundle = SingleFileBundle.Open(program);
    Directory.CreateDirectory(folder);
    var written = BundledPackage.ReadAll(bundle).Where(IsWanted).Select(package => PackageFile.Write(package, bundle, folder)).ToList();
    if (written.Count == 0) throw new InvalidDataException("It holds none of the wanted packages.");
    Console.WriteLine($"{written.Count} packages");
    return 0;
}
catch (Exception e) when (e is InvalidDataException or IOException)
{
    Console.Error.WriteLine($"{program}: {e.Message}");
    return 1;
}

bool IsWanted(BundledPackage package) => wanted.Any(name => name.EndsWith(".*", StringComparison.Ordinal)
    ? package.Id.StartsWith(name[..^1], StringComparison.Ordinal)
    : package.Id == name);
