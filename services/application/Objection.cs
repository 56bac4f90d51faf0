using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Applications;

/// <summary>Somebody objects to a row of a public notice (异议). Who it is and what they say lies sealed; officers alone read it.</summary>
public sealed class Objection
{
    public Guid Id { get; init; }
    public Guid NoticeId { get; init; }
    public PublicNotice Notice { get; init; } = null!;
    public int Row { get; init; }
    public Guid ApplicationId { get; init; }
    public DateTimeOffset At { get; init; }
    public required byte[] Sealed { get; init; }

    /// <summary>Of the form it was sent with, so that a double click objects once; null where none was said.</summary>
    public string? Key { get; init; }
    public ObjectionState State { get; private set; } = ObjectionState.Open;
    public DateTimeOffset? SettledAt { get; private set; }
    public Guid? SettledBy { get; private set; }

    /// <summary>The officer's words: they speak of people, and lie sealed too.</summary>
    public byte[]? SealedAnswer { get; private set; }
    public uint RowVersion { get; init; }

    public Refusal? Settle(bool upheld, byte[] answer, Guid officer, DateTimeOffset now)
    {
        if (State is not ObjectionState.Open) return new("settled-already", $"This objection was {(State is ObjectionState.Upheld ? "upheld" : "dismissed")} at {SettledAt:u}.");
        (State, SealedAnswer, SettledBy, SettledAt) = (upheld ? ObjectionState.Upheld : ObjectionState.Dismissed, answer, officer, now);
        return null;
    }
}

public enum ObjectionState { Open, Upheld, Dismissed }

public sealed partial class Application
{
    /// <summary>
    /// An objection to a public notice was upheld: officers of the stage decide again, with all that they can decide. Only where everything was decided already: before that, officers of
    /// the present stage send it back. A paid fee stays out of it: passed again, it would fall due twice.
    /// </summary>
    public Refusal? Reopen(string stage, Guid officer, ExamProgramme programme, DateTimeOffset now)
    {
        if (Illegal(LifeEvent.Reopen) is { } refusal) return refusal;
        if (FeeId is not null) return new("fee-paid", "A fee was paid for it; it cannot be decided again here.");
        Move(LifeEvent.Reopen, now, officer, stage);
        Open(programme.Stage(stage), programme, now);
        return null;
    }
}

/// <summary>What somebody said, and who they are.</summary>
public sealed record ObjectionContent(string Text, string Name, string Mobile)
{
    public override string ToString() => nameof(ObjectionContent); // a record would print the person
}

public sealed class ObjectionOptions
{
    public const string Section = "Application:Objections";
    private const string Missing = "Set Application__Objections__Key to 32 random bytes in base64: the AppHost generates it at first run.";

    /// <summary>Objections are sealed under it. Losing it loses what was said in them, nothing else.</summary>
    [Required(ErrorMessage = Missing), RegularExpression("^[A-Za-z0-9+/]{43}=$", ErrorMessage = Missing)]
    public string Key { get; init; } = "";
}

/// <summary>AES-256-GCM under <see cref="ObjectionOptions.Key"/>, bound to the objection and the column. Layout: 12 bytes nonce, 16 bytes tag, ciphertext.</summary>
public sealed class ObjectionSeal(IOptions<ObjectionOptions> options)
{
    private const int NonceSize = 12, TagSize = 16;
    private readonly byte[] key = Convert.FromBase64String(options.Value.Key);

    public byte[] Seal(Guid id, ObjectionContent content) => Seal(id, 0, content);
    public byte[] SealAnswer(Guid id, string words) => Seal(id, 1, words);
    public ObjectionContent Open(Objection objection) => Open<ObjectionContent>(objection.Id, 0, objection.Sealed);
    public string? OpenAnswer(Objection objection) => objection.SealedAnswer is { } answer ? Open<string>(objection.Id, 1, answer) : null;

    private byte[] Seal<T>(Guid id, byte column, T content)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(content);
        var whole = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(whole.AsSpan(0, NonceSize), plain, whole.AsSpan(NonceSize + TagSize), whole.AsSpan(NonceSize, TagSize), [.. id.ToByteArray(), column]);
        return whole;
    }

    private T Open<T>(Guid id, byte column, ReadOnlySpan<byte> whole)
    {
        var plain = new byte[whole.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(whole[..NonceSize], whole[(NonceSize + TagSize)..], whole.Slice(NonceSize, TagSize), plain, [.. id.ToByteArray(), column]);
        return JsonSerializer.Deserialize<T>(plain)!;
    }
}
