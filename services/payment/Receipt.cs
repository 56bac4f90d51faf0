namespace ExamPlatform.Payments;

/// <summary>The receipt of a payment or of a refund: made when it is first asked for, and the same for ever after. It bears the payer's name, so it lies sealed.</summary>
public sealed class Receipt
{
    /// <summary>The order's or the refund's.</summary>
    public required Guid Id { get; init; }
    public required Guid FeeId { get; init; }

    /// <summary>Counts all receipts; some numbers may be missing.</summary>
    public long Serial { get; init; }
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>HTML that needs nothing from anywhere.</summary>
    public byte[]? SealedPage { get; set; }
    public byte[]? SealedPdf { get; set; }

    /// <summary>As printed: the year of making and eight digits.</summary>
    public string Number => $"{BeijingDay.Of(MadeAt).Year}-{Serial:D8}";
}
