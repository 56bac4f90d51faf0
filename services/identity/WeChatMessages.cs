using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Identities;

/// <summary>What a person did at the official account.</summary>
/// <param name="From">The person's open id there.</param>
/// <param name="What">subscribe, SCAN, unsubscribe, text, or what is none of our business.</param>
/// <param name="Value">The scene, or the text.</param>
/// <param name="Key">The same for copies of one message: its MsgId, or sender, time and kind.</param>
public sealed record WeChatMessage(string From, string To, string What, string Value, DateTimeOffset At, string Key)
{
    public override string ToString() => nameof(WeChatMessage); // a record would print who it is
}

/// <summary>
/// Opens what the official account sends in safe mode (安全模式) and seals what is answered. In plain mode the signature does not cover the body, so that it is not believed.
/// </summary>
public sealed class WeChatMessages(IOptions<WeChatSettings> settings, TimeProvider clock)
{
    private const int Block = 32, Random = 16, Head = Random + 4;
    private const string ScenePrefix = "qrscene_";
    private readonly WeChatSettings settings = settings.Value;

    /// <summary>Whether who holds the token signed these.</summary>
    public bool IsSigned(string signature, params string[] parts) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Sign(parts)));

    /// <summary>Null where it is not to be believed.</summary>
    public WeChatMessage? Open(IQueryCollection query, ReadOnlyMemory<byte> body)
    {
        ArgumentNullException.ThrowIfNull(query);
        try
        {
            var encrypted = Read(Encoding.UTF8.GetString(body.Span)).Element("Encrypt")?.Value ?? "";
            return IsSigned(query["msg_signature"].ToString(), query["timestamp"].ToString(), query["nonce"].ToString(), encrypted) && Decrypt(encrypted) is { } message ? Message(Read(message)) : null;
        }
        catch (Exception e) when (e is XmlException or FormatException or CryptographicException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>What the sender reads, as the answer to their message (被动回复).</summary>
    public string Seal(WeChatMessage to, string words)
    {
        ArgumentNullException.ThrowIfNull(to);
        var time = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = RandomNumberGenerator.GetString("0123456789", 10);
        var encrypted = Encrypt(new XElement("xml", Text("ToUserName", to.From), Text("FromUserName", to.To), new XElement("CreateTime", time), Text("MsgType", "text"), Text("Content", words)).ToString(SaveOptions.DisableFormatting));
        return new XElement("xml", Text("Encrypt", encrypted), Text("MsgSignature", Sign([time, nonce, encrypted])), new XElement("TimeStamp", time), Text("Nonce", nonce)).ToString(SaveOptions.DisableFormatting);
    }

    private static WeChatMessage? Message(XElement message)
    {
        var (from, to, kind, time) = (Value(message, "FromUserName"), Value(message, "ToUserName"), Value(message, "MsgType"), Value(message, "CreateTime"));
        if (from.Length == 0) return null;
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(time, NumberStyles.None, CultureInfo.InvariantCulture));
        if (kind != "event") return new(from, to, kind, Value(message, "Content"), at, Value(message, "MsgId") is { Length: > 0 } id ? id : $"{from} {time} {kind}");
        var (what, scene) = (Value(message, "Event"), Value(message, "EventKey"));
        return new(from, to, what, scene.StartsWith(ScenePrefix, StringComparison.Ordinal) ? scene[ScenePrefix.Length..] : scene, at, $"{from} {time} {what}");
    }

    private string Sign(string[] parts)
    {
#pragma warning disable CA5350 // WeChat's own
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Append(settings.Token).Order(StringComparer.Ordinal)))));
#pragma warning restore CA5350
    }

    /// <summary>16 random bytes, the length of the message in 4, the message, our app id; padded to 32 bytes.</summary>
    private string Encrypt(string message)
    {
        var (text, app) = (Encoding.UTF8.GetBytes(message), Encoding.UTF8.GetBytes(settings.AccountAppId));
        var length = Head + text.Length + app.Length;
        var whole = new byte[length + Block - (length % Block)];
        RandomNumberGenerator.Fill(whole.AsSpan(0, Random));
        BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(Random), text.Length);
        text.CopyTo(whole, Head);
        app.CopyTo(whole, Head + text.Length);
        whole.AsSpan(length).Fill((byte)(whole.Length - length));
        using var aes = Cipher();
        return Convert.ToBase64String(aes.EncryptCbc(whole, aes.IV, PaddingMode.None));
    }

    /// <summary>Null where it is for another application.</summary>
    private string? Decrypt(string encrypted)
    {
        using var aes = Cipher();
        var whole = aes.DecryptCbc(Convert.FromBase64String(encrypted), aes.IV, PaddingMode.None);
        var end = whole.Length - whole[^1];
        var length = whole.Length > Head ? BinaryPrimitives.ReadInt32BigEndian(whole.AsSpan(Random)) : -1;
        if (whole[^1] is 0 or > Block || length < 0 || length > end - Head) return null;
        return Encoding.UTF8.GetString(whole.AsSpan(Head + length, end - Head - length)) == settings.AccountAppId ? Encoding.UTF8.GetString(whole, Head, length) : null;
    }

    private Aes Cipher()
    {
        var aes = Aes.Create();
        aes.Key = Convert.FromBase64String(settings.EncodingAesKey + "=");
        aes.IV = aes.Key[..16];
        return aes;
    }

    /// <summary>Without a document type: nothing is looked up, nothing multiplies itself.</summary>
    private static XElement Read(string xml)
    {
        using var reader = XmlReader.Create(new StringReader(xml), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XElement.Load(reader);
    }

    private static XElement Text(string name, string value) => new(name, new XCData(value));

    private static string Value(XElement of, string name) => of.Element(name)?.Value ?? "";
}
