using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ExamPlatform.AppHosts;

/// <summary>Keys and passwords of a development run: made at the first run, kept in the git-ignored data folder, readable by their owner alone. A deployment brings its own.</summary>
internal sealed class DevelopmentSecrets(string folder)
{
    /// <summary>32 letters and digits.</summary>
    public string Text(string name) => Kept(name, () => RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", 32));

    /// <summary>32 random bytes in base64.</summary>
    public string Key(string name) => Kept(name, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    /// <summary>A password that every programme's rule takes: 12 characters with a lower, an upper, a digit and a special.</summary>
    public string Password(string name) => Kept(name, () => "Aa1!" + RandomNumberGenerator.GetString("abcdefghijkmnopqrstuvwxyz23456789", 8));

    /// <summary>PKCS #8 of a P-256 key in base64.</summary>
    public string SigningKey(string name) => Kept(name, () =>
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(pair.ExportPkcs8PrivateKey());
    });

    /// <summary>An RSA key pair as two PEM files.</summary>
    public (string Private, string Public) KeyPair(string name)
    {
        var pem = Kept($"{name}.pem", () =>
        {
            using var rsa = RSA.Create(2048);
            return rsa.ExportPkcs8PrivateKeyPem();
        });
        Kept($"{name}.pub.pem", () =>
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.ExportSubjectPublicKeyInfoPem();
        });
        return (Path.Combine(folder, $"{name}.pem"), Path.Combine(folder, $"{name}.pub.pem"));
    }

    /// <summary>A certificate with its key as two PEM files, signed by an issuer made here before, or by itself.</summary>
    /// <param name="issues">Whether it signs other certificates.</param>
    public (string Certificate, string Key) Certificate(string name, string commonName, (string Certificate, string Key)? issuer = null, bool issues = false)
    {
        var key = KeyPair(name).Private;
        Kept($"{name}.cert.pem", () =>
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(File.ReadAllText(key));
            var subject = new X500DistinguishedNameBuilder();
            subject.AddCommonName(commonName);
            var request = new CertificateRequest(subject.Build(), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issues, hasPathLengthConstraint: false, 0, critical: true));
            var (from, until) = (new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2045, 1, 1, 0, 0, 0, TimeSpan.Zero)); // whatever the clock of development is set to
            using var above = issuer is { } by ? X509Certificate2.CreateFromPemFile(by.Certificate, by.Key) : null;
            using var made = above is null ? request.CreateSelfSigned(from, until) : request.Create(above, from, until, RandomNumberGenerator.GetBytes(8));
            return made.ExportCertificatePem();
        });
        return (Path.Combine(folder, $"{name}.cert.pem"), key);
    }

    private string Kept(string name, Func<string> make)
    {
        var file = Path.Combine(folder, name);
        if (File.Exists(file)) return File.ReadAllText(file);
        var made = make();
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var temporary = $"{file}.{Environment.ProcessId}";
        File.WriteAllText(temporary, made);
        File.Move(temporary, file); // whole or not at all, should the first run be interrupted
        return made;
    }
}
