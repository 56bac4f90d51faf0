using ExamPlatform.Sandbox.WeChatPay;

namespace ExamPlatform.Sandbox.Control;

/// <summary>Bills that are wrong, for whoever reconciles them.</summary>
public static class TellBill
{
    /// <param name="AmountInFen">What the bill tells instead; null leaves the payment out. For a number that nobody ordered a payment of that amount is made up.</param>
    /// <param name="Day">Of a payment that is made up; yesterday when left out.</param>
    public sealed record Request(string OutTradeNo, long? AmountInFen = null, DateOnly? Day = null);

    public static IResult Handle(Request request, Bills bills)
    {
        bills.Lies[request.OutTradeNo] = (request.Day ?? bills.Today.AddDays(-1), request.AmountInFen);
        return Results.NoContent();
    }
}
