using System.Diagnostics;

namespace ExamPlatform.Documents;

public enum DocumentKind
{
    Photo,
    Document,

    /// <summary>The scanned paper by which a person lets an officer register and apply for them. No application's document.</summary>
    Consent,

    /// <summary>A file for everybody, belonging to an article that officers publish: it lies with the officer who brought it, and is opened through the article alone.</summary>
    Attachment,
}

public enum DocumentState { Quarantined, Ready, Rejected }

/// <summary>What the virus scanner said. <see cref="NotScanned"/> on a ready upload means that no scanner is configured.</summary>
public enum ScanState { NotScanned, Clean, Infected }

/// <summary>One uploaded file of a candidate. Its content never changes and lies in the file store under <see cref="Id"/>; quarantine is the state of this row, which every reader goes by.</summary>
public sealed class Document
{
    public Guid Id { get; init; }

    /// <summary>Whose it is. A consent lies with the officer who brought it until a registration names it.</summary>
    public Guid CandidateId { get; private set; }

    /// <summary>The officer who brought it at the counter; null where the candidate did.</summary>
    public Guid? UploadedBy { get; init; }
    public DocumentKind Kind { get; init; }
    public DocumentState State { get; private set; }
    public required string DeclaredType { get; init; }

    /// <summary>What the content was found to be; null until then.</summary>
    public string? ContentType { get; private set; }
    public int? Width { get; private set; }
    public int? Height { get; private set; }
    public long Bytes { get; init; }

    /// <summary>Lower-case hex of what is kept.</summary>
    public required string Sha256 { get; set; }
    public ScanState Scan { get; private set; }
    public string? RejectedFor { get; private set; }

    /// <summary>A submission holds it: it stays as long as the submission does.</summary>
    public bool Submitted { get; private set; }
    public DateTimeOffset UploadedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>The trace of the upload, which its release goes on with.</summary>
    public string? TraceParent { get; init; }
    public int ReleaseAttempts { get; private set; }
    public DateTimeOffset NextAttemptAt { get; private set; }
    public uint Version { get; init; }
    public List<DocumentHistory> History { get; } = [];

    /// <summary>Set where this photo was made here of an upload.</summary>
    public MadePhoto? Made { get; private set; }

    internal static Document Quarantine(Guid id, UploadTarget target, string declaredType, long bytes, string sha256, DateTimeOffset now) => new()
    {
        Id = id,
        CandidateId = target.CandidateId,
        UploadedBy = target.UploadedBy,
        Kind = target.Kind,
        DeclaredType = declaredType,
        Bytes = bytes,
        Sha256 = sha256,
        UploadedAt = now,
        TraceParent = Activity.Current?.Id,
    };

    /// <summary>A photo that was made of this upload: it lies with the same person, and its content is ours, so that it is ready at once.</summary>
    internal Document Photo(Guid id, Guid application, Photos.PhotoAnswer made, long bytes, string sha256, int turn, bool becauseOfSight, DateTimeOffset now)
    {
        var photo = new Document
        {
            Id = id,
            CandidateId = CandidateId,
            Kind = DocumentKind.Photo,
            DeclaredType = Inspection.Jpeg,
            Bytes = bytes,
            Sha256 = sha256,
            UploadedAt = now,
            Scan = Scan,
            Made = MadePhoto.Of(id, Id, application, made, turn, becauseOfSight),
        };
        (photo.ContentType, photo.Width, photo.Height) = (Inspection.Jpeg, made.Width, made.Height);
        photo.Move(DocumentState.Ready, null, "made", now);
        return photo;
    }

    /// <summary>One PDF of pictures of a paper's pages: what was uploaded was scanned, and the content is ours, so that it is ready at once.</summary>
    internal static Document OfPages(Guid id, IReadOnlyList<Document> pages, long bytes, string sha256, DateTimeOffset now)
    {
        var paper = new Document
        {
            Id = id,
            CandidateId = pages[0].CandidateId,
            Kind = DocumentKind.Document,
            DeclaredType = Inspection.Pdf,
            Bytes = bytes,
            Sha256 = sha256,
            UploadedAt = now,
            Scan = pages.All(p => p.Scan is ScanState.Clean) ? ScanState.Clean : ScanState.NotScanned,
            TraceParent = Activity.Current?.Id,
        };
        paper.ContentType = Inspection.Pdf;
        paper.Move(DocumentState.Ready, null, "of-pages", now);
        return paper;
    }

    /// <summary>Only a picture that has left quarantine becomes a page.</summary>
    public Refusal? MayBecomePage()
    {
        if (State is not DocumentState.Ready) return new($"document-{State.ToString().ToLowerInvariant()}", $"The upload is {State}; a page is made of what is Ready.");
        return ContentType is Inspection.Jpeg or Inspection.Png && Kind is DocumentKind.Document ? null : new("not-a-picture", "A page is made of a JPEG or PNG that was uploaded as ?kind=document.");
    }

    /// <summary>Only a candidate's own upload as a photo, once it has left quarantine, can become the exam's photo.</summary>
    public Refusal? MayBecomePhoto()
    {
        if (Kind is not DocumentKind.Photo || Made is not null) return new("not-a-photo", "Only what was uploaded as ?kind=photo becomes a photo; of a made one choose its upload.");
        return State is DocumentState.Ready ? null : new($"document-{State.ToString().ToLowerInvariant()}", $"The upload is {State}; a photo is made of what is Ready.");
    }

    /// <summary>The candidate confirms that this is their photo for this application (HP: 确认报名照片).</summary>
    public Refusal? ConfirmPhoto(Guid application, bool becauseOfSight, DateTimeOffset now)
    {
        if (Made is null) return new("not-made", "Only a photo that was made here is confirmed: POST /api/documents/{id}/photo makes it.");
        var before = Made.ConfirmedAt;
        if (Made.Confirm(application, becauseOfSight, now) is { } refusal) return refusal;
        if (before is null) Move(State, CandidateId, Made.BecauseOfSight ? "confirmed-because-of-sight" : "confirmed", now);
        return null;
    }

    /// <summary>Another photo was made for the same application before this one was confirmed.</summary>
    public void Replace(DateTimeOffset now)
    {
        DeletedAt = now;
        Move(State, CandidateId, "replaced", now);
    }

    /// <summary>The content is what was declared, and no scanner found anything in it.</summary>
    public Refusal? Release(Inspection content, ScanState scan, DateTimeOffset now)
    {
        if (NotIn(DocumentState.Quarantined) is { } refusal) return refusal;
        (ContentType, Width, Height, Scan) = (content.ContentType, content.Width, content.Height, scan);
        Move(DocumentState.Ready, null, null, now);
        return null;
    }

    /// <param name="reason">wrong-type, truncated, too-many-pixels or infected.</param>
    public Refusal? Reject(string reason, ScanState scan, DateTimeOffset now)
    {
        if (NotIn(DocumentState.Quarantined) is { } refusal) return refusal;
        (RejectedFor, Scan) = (reason, scan);
        Move(DocumentState.Rejected, null, reason, now);
        return null;
    }

    /// <summary>The check could not be made now (the scanner or the store is away): the upload stays in quarantine and is looked at again.</summary>
    public void Postpone(DateTimeOffset now)
    {
        ReleaseAttempts++;
        NextAttemptAt = now + TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, Math.Min(ReleaseAttempts, 6))));
    }

    public Refusal? Delete(Guid candidateId, DateTimeOffset now)
    {
        if (Kind is DocumentKind.Consent) return new("consent-kept", "This is the consent on which you were registered at the counter; it stays. To take it back, ask the exam office of your area.");
        if (Submitted) return new("document-submitted", "A submitted application holds this upload; it stays with it. Upload another one and choose that.");
        DeletedAt = now;
        Move(State, candidateId, "deleted", now);
        return null;
    }

    /// <summary>A submission holds it from now on. One deleted while that submission was on its way comes back.</summary>
    public void Hold(DateTimeOffset now)
    {
        if (Submitted) return;
        Submitted = true;
        DeletedAt = null;
        Move(State, null, "submitted", now);
    }

    /// <summary>The practice that held it was thrown away, or the exam that held it no longer needs it.</summary>
    /// <param name="unused">No other application of the person uses it: it goes as if the person had deleted it, and comes back as such a one does.</param>
    /// <param name="reason">trial-discarded or retention-over.</param>
    /// <param name="now">This moment.</param>
    public void LetGo(bool unused, string reason, DateTimeOffset now)
    {
        Submitted = false;
        if (unused) DeletedAt ??= now;
        Move(State, null, reason, now);
    }

    /// <summary>The person whose consent it is was registered. Told again it changes nothing.</summary>
    public Refusal? HandOver(Guid candidateId, DateTimeOffset now)
    {
        if (CandidateId == candidateId) return null;
        if (Kind is not DocumentKind.Consent || CandidateId != UploadedBy) return new("not-handed-over", $"The {Kind} is not a consent that waits for its person.");
        CandidateId = candidateId;
        Move(State, UploadedBy, "handed-over", now);
        return null;
    }

    /// <summary>An officer sees what they brought, until a submission holds it: from then on its area decides who may look.</summary>
    public bool IsOpenToBringer(Guid officerId) => UploadedBy == officerId && !Submitted && DeletedAt is null;

    private Refusal? NotIn(DocumentState wanted) => State == wanted ? null : new("document-decided", $"The upload is {State}, not {wanted}.");

    private void Move(DocumentState to, Guid? actor, string? reason, DateTimeOffset now)
    {
        History.Add(new() { DocumentId = Id, ActorId = actor, At = now, From = State, To = to, Reason = reason });
        State = to;
    }
}

/// <summary>What happened to an upload. <see cref="ActorId"/> is null where the platform itself acted.</summary>
public sealed class DocumentHistory
{
    public long Id { get; init; }
    public Guid DocumentId { get; init; }
    public Guid? ActorId { get; init; }
    public DateTimeOffset At { get; init; }
    public DocumentState From { get; init; }
    public DocumentState To { get; init; }
    public string? Reason { get; init; }
}

/// <summary>A submitted version holds an upload: officers of its area may open it.</summary>
public sealed class Holding
{
    public Guid DocumentId { get; init; }
    public Guid ApplicationId { get; init; }
    public int Version { get; init; }
    public required string AreaPath { get; init; }
}

/// <summary>An officer looked at somebody's upload.</summary>
public sealed class Look
{
    public long Id { get; init; }
    public Guid DocumentId { get; init; }
    public Guid OfficerId { get; init; }

    /// <summary>The officer's level and area path then; empty of looks from before they were kept.</summary>
    public string Level { get; init; } = "";
    public string AreaPath { get; init; } = "";

    /// <summary>The application on whose account the officer may look; null where the officer brought the upload.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>description or content.</summary>
    public required string Part { get; init; }
    public DateTimeOffset At { get; init; }
}
