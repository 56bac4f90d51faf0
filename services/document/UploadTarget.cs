namespace ExamPlatform.Documents;

/// <summary>Whose an upload becomes, and which officer brings it at the counter (null: the candidate does).</summary>
internal sealed record UploadTarget(Guid CandidateId, DocumentKind Kind, Guid? UploadedBy)
{
    /// <summary>Candidates upload for themselves; officers of cities and provinces for a candidate, or the consent of somebody who is no candidate yet and has no id; who publishes articles, also files of these.</summary>
    public static (UploadTarget? Target, IResult? Refused) Of(Me me, string kind, string candidate)
    {
        DocumentKind? asked = kind switch { "photo" => DocumentKind.Photo, "document" => DocumentKind.Document, "consent" => DocumentKind.Consent, "attachment" => DocumentKind.Attachment, _ => null };
        if (asked is not { } known) return (null, new Faults().Add(true, "kind", "unknown-kind", "Say what it is: ?kind=photo or ?kind=document, or at the counter ?kind=consent.").ToProblem());
        if (me.Role == TokenNames.Candidate)
            return candidate.Length > 0 || known is DocumentKind.Consent or DocumentKind.Attachment ? (null, NotAllowed("not-allowed", "Only officers upload for somebody else.")) : (new(me.Id, known, null), null);
        if (known is DocumentKind.Attachment && me.Level is ("national" or "area" or "site")) return candidate.Length > 0 ? (null, For("of-nobody", "A file of an article is of no candidate: leave this out.")) : (new(me.Id, known, me.Id), null);
        if (me.Level is not ("site" or "area")) return (null, NotAllowed("wrong-level", "Uploads for candidates are brought by officers of level site or area."));
        if (known is DocumentKind.Consent)
            return candidate.Length > 0 ? (null, For("consent-first", "A consent is scanned before the person is registered: leave this out; the registration names it.")) : (new(me.Id, known, me.Id), null);
        return Guid.TryParse(candidate, out var id) ? (new(id, known, me.Id), null) : (null, For(candidate.Length == 0 ? "required" : "not-an-id", "Say for which candidate it is: ?for={candidateId}."));
    }

    /// <summary>At the field that names the candidate.</summary>
    public static IResult For(string code, string detail) => new Faults().Add(true, "for", code, detail).ToProblem();

    private static IResult NotAllowed(string code, string detail) => Problems.Of(StatusCodes.Status403Forbidden, code, detail);
}
