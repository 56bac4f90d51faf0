using System.Globalization;
using System.Resources;

namespace ExamPlatform.Payments;

/// <summary>The Chinese words that payers read.</summary>
public static class PaymentWords
{
    private static readonly ResourceManager Words = new("ExamPlatform.Payments.PaymentWords", typeof(PaymentWords).Assembly);

    public static string? Find(string name) => Words.GetString(name, CultureInfo.InvariantCulture);

    public static string Of(string name, params ReadOnlySpan<object?> parts) =>
        string.Format(CultureInfo.InvariantCulture, Find(name) ?? throw new InvalidOperationException($"PaymentWords.resx has no '{name}'."), parts);
}
