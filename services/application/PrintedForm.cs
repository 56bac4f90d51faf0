using System.ComponentModel.DataAnnotations;

namespace ExamPlatform.Applications;

public enum FormState { Waiting, Rendered, Failed }

/// <summary>The PDF of one submitted version (报名申请确认表, E10): asked for once, made in the background, kept. It bears name and document number, so it lies sealed.</summary>
public sealed class PrintedForm
{
    private const int MostAttempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5), RestAfterFailure = TimeSpan.FromMinutes(10);

    public Guid ApplicationId { get; init; }

    /// <summary>The submission's.</summary>
    public int Number { get; init; }
    public FormState State { get; private set; }
    public DateTimeOffset AskedAt { get; private init; }

    /// <summary>When it may be made, or made again.</summary>
    public DateTimeOffset TryAt { get; private set; }
    public int Attempts { get; private set; }
    public DateTimeOffset? RenderedAt { get; private set; }
    public byte[]? Sealed { get; private set; }
    public uint RowVersion { get; init; }

    public static PrintedForm Ask(Guid applicationId, int number, DateTimeOffset now) => new() { ApplicationId = applicationId, Number = number, AskedAt = now, TryAt = now };

    /// <summary>Made once: a second PDF of the same version is refused, so that no two prints of one code differ.</summary>
    public Refusal? Keep(byte[] pdf, DateTimeOffset now)
    {
        if (State is FormState.Rendered) return new("form-rendered-already", $"This version was rendered at {RenderedAt:u}.");
        (State, Sealed, RenderedAt) = (FormState.Rendered, pdf, now);
        return null;
    }

    /// <summary>It could not be made: again after a pause that doubles, and after five times only when somebody asks once more.</summary>
    public void Miss(DateTimeOffset now)
    {
        if (State is FormState.Rendered) return;
        Attempts++;
        State = Attempts < MostAttempts ? FormState.Waiting : FormState.Failed;
        TryAt = now + (State is FormState.Failed ? RestAfterFailure : Pause * (1 << (Attempts - 1)));
    }

    /// <summary>Somebody asks for one that had failed: it waits again once the fault had time to be mended.</summary>
    public void AskAgain(DateTimeOffset now)
    {
        if (State is FormState.Failed && TryAt <= now) (State, Attempts) = (FormState.Waiting, 0);
    }
}

public sealed class FormOptions
{
    public const string Section = "Application:Forms";

    /// <summary>A Chromium of this machine. Where there is none, forms are given as HTML only.</summary>
    [Required]
    public string Browser { get; init; } = "/usr/bin/chromium";

    /// <summary>How long one form may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>Printed forms lie sealed, each bound to the version it is the form of.</summary>
public sealed class FormSeal(Seals seals)
{
    public byte[] Seal(PrintedForm form, ReadOnlySpan<byte> pdf) => seals.Seal(pdf, Place(form));
    public byte[] Open(PrintedForm form) => seals.Open(form.Sealed, Place(form));

    private static string Place(PrintedForm form) => $"printed_forms.sealed/{form.ApplicationId:N}/{form.Number}";
}
