using System.Security.Cryptography;

namespace ExamPlatform.Payments.Channels;

/// <summary>Checks of what a bank's configuration names.</summary>
internal static class Configured
{
    public static bool IsWeb(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    public static bool IsRsa(string path, bool needsPrivate)
    {
        if (!File.Exists(path)) return false;
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(File.ReadAllText(path));
            if (needsPrivate) rsa.SignData([], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return rsa.KeySize >= 2048;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
