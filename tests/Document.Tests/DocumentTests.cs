namespace ExamPlatform.Documents.Tests;

public sealed class DocumentTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
    private static readonly Inspection APicture = new("image/jpeg", 600, 800, null);

    private static Document A(DocumentState state)
    {
        var document = Document.Quarantine(Guid.NewGuid(), new(Guid.NewGuid(), DocumentKind.Document, null), "image/jpeg", 1, "", Now);
        if (state is DocumentState.Ready) document.Release(APicture, ScanState.Clean, Now);
        if (state is DocumentState.Rejected) document.Reject("infected", ScanState.Infected, Now);
        return document;
    }

    public static TheoryData<DocumentState, DocumentState, bool> Transitions => new()
    {
        { DocumentState.Quarantined, DocumentState.Ready, true },
        { DocumentState.Quarantined, DocumentState.Rejected, true },
        { DocumentState.Ready, DocumentState.Ready, false },
        { DocumentState.Ready, DocumentState.Rejected, false },
        { DocumentState.Rejected, DocumentState.Ready, false },
        { DocumentState.Rejected, DocumentState.Rejected, false },
    };

    [Theory]
    [MemberData(nameof(Transitions))]
    public void An_upload_is_decided_once_and_out_of_quarantine_only(DocumentState from, DocumentState to, bool legal)
    {
        var document = A(from);
        var before = document.History.Count;

        var refusal = to is DocumentState.Ready ? document.Release(APicture, ScanState.Clean, Now) : document.Reject("wrong-type", ScanState.NotScanned, Now);

        Assert.Equal(legal ? null : "document-decided", refusal?.Code);
        Assert.Equal(legal ? to : from, document.State);
        Assert.Equal(before + (legal ? 1 : 0), document.History.Count);
    }

    [Fact]
    public void Each_step_is_written_down_with_where_it_came_from()
    {
        var document = A(DocumentState.Rejected);

        var step = Assert.Single(document.History);
        Assert.Equal((DocumentState.Quarantined, DocumentState.Rejected, "infected", Now), (step.From, step.To, step.Reason!, step.At));
    }

    [Fact]
    public void A_submitted_upload_cannot_be_deleted()
    {
        var document = A(DocumentState.Ready);
        document.Hold(Now);

        Assert.Equal("document-submitted", document.Delete(document.CandidateId, Now)?.Code);
        Assert.Null(document.DeletedAt);
    }

    [Fact]
    public void An_upload_deleted_while_its_submission_was_on_the_way_comes_back()
    {
        var document = A(DocumentState.Ready);
        document.Delete(document.CandidateId, Now);

        document.Hold(Now);

        Assert.Null(document.DeletedAt);
        Assert.True(document.Submitted);
    }

    [Fact]
    public void A_check_that_cannot_be_made_is_made_again_ever_later_but_within_a_minute()
    {
        var document = A(DocumentState.Quarantined);

        var waits = Enumerable.Range(0, 8).Select(_ =>
        {
            document.Postpone(Now);
            return (document.NextAttemptAt - Now).TotalSeconds;
        });

        Assert.Equal([2, 4, 8, 16, 32, 60, 60, 60], waits);
    }
}
