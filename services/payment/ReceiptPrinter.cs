using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Payments;

public sealed class ReceiptOptions
{
    public const string Section = "Payment:Receipts";

    /// <summary>A Chromium of this machine. Where there is none, receipts are given as HTML only.</summary>
    [Required]
    public string Browser { get; init; } = "/usr/bin/chromium";

    /// <summary>How long one receipt may take, with waiting for those before it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>Prints one receipt at a time, with a browser that is started for it: receipts are printed once each, and seldom.</summary>
public sealed class ReceiptPrinter(IOptions<ReceiptOptions> options, ILogger<ReceiptPrinter> log) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    /// <returns>The tagged PDF; null where it cannot be made now.</returns>
    public async Task<byte[]?> Print(string html, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Value.Patience);
        var mine = false;
        try
        {
            await turn.WaitAsync(patience.Token);
            mine = true;
            await using var browser = Chromium.Start(options.Value.Browser);
            return await browser.Print(html, patience.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogWarning(e, "A receipt cannot be printed now");
            return null;
        }
        finally
        {
            if (mine) turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
