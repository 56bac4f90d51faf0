using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ExamPlatform.Identities.Tests;

/// <summary>A device that keeps one passkey, as WebAuthn level 3 describes it: ES256, no attestation, CBOR written out for the two shapes that occur.</summary>
internal sealed class SoftKey(string origin = "http://localhost:5000", string domain = "localhost") : IDisposable
{
    private const byte Present = 0x01, Verified = 0x04, WithCredential = 0x40;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] id = RandomNumberGenerator.GetBytes(16);
    private string user = "";

    /// <summary>Whether the person showed face or finger, or only touched it.</summary>
    public bool Verifies { get; set; } = true;

    /// <summary>0 for ever on a device that does not count.</summary>
    public uint Count { get; set; } = 1;

    public object Make(JsonElement order)
    {
        var options = order.GetProperty("options");
        user = options.GetProperty("user").GetProperty("id").GetString()!;
        var client = ClientData("webauthn.create", options);
        var point = key.ExportParameters(false).Q;
        byte[] publicKey = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32, .. point.X!, 0x22, 0x58, 32, .. point.Y!];
        byte[] data = [.. Data(WithCredential), .. new byte[16], 0, (byte)id.Length, .. id, .. publicKey];
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data];
        return Credential(new { clientDataJSON = Encoded(client), attestationObject = Encoded(attestation), transports = (string[])["internal"] });
    }

    public object Sign(JsonElement order)
    {
        var client = ClientData("webauthn.get", order.GetProperty("options"));
        if (Count > 0) Count++;
        var data = Data(0);
        var signature = key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new { clientDataJSON = Encoded(client), authenticatorData = Encoded(data), signature = Encoded(signature), userHandle = user });
    }

    private byte[] ClientData(string type, JsonElement options) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { type, challenge = options.GetProperty("challenge").GetString(), origin, crossOrigin = false }));

    private byte[] Data(byte more)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(domain)), (byte)(Present | (Verifies ? Verified : 0) | more), .. counter];
    }

    private object Credential(object response) => new { id = Encoded(id), rawId = Encoded(id), type = "public-key", response, clientExtensionResults = new { }, authenticatorAttachment = "platform" };

    private static string Encoded(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public void Dispose() => key.Dispose();
}
