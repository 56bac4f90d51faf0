using System.Globalization;
using Microsoft.Playwright;

namespace ExamPlatform.Pages;

/// <summary>How soon the server has a page ready, how much of it goes over the line, and whether anything moves once it is drawn.</summary>
internal static class Measure
{
    private const int Looks = 60, Warming = 10;
    private const double LimitMilliseconds = 100, LimitBytes = 60 * 1024;

    /// <summary>Until the first byte, as the browser saw it; bytes as they were sent, the person's own uploads left out.</summary>
    private const string Weight = """
        performance.getEntries().filter(e => e.entryType == 'navigation' || e.entryType == 'resource' && !new URL(e.name).pathname.startsWith('/uploads/')).reduce((sum, e) => sum + e.transferSize, 0)
        """;
    private const string Shift = """
        new Promise(done => { let sum = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; }).observe({ type: 'layout-shift', buffered: true }); requestAnimationFrame(() => setTimeout(() => done(sum), 50)); })
        """;

    public static async Task<bool> All(Browser browser, IReadOnlyList<Visitor> people, TextWriter told)
    {
        var ok = true;
        await told.WriteLineAsync($"{"page",-24}{"p50 ms",8}{"p95 ms",8}{"KB",8}{"shift",8}");
        foreach (var visitor in people)
        {
            foreach (var (name, address) in visitor.Pages)
            {
                var page = await browser.Open(visitor, 390, 800);
                var (weight, shift) = await Load(page, address);
                var times = await Times(page, address);
                await page.Context.CloseAsync();
                var p95 = times[(int)(times.Count * 0.95)];
                var good = p95 < LimitMilliseconds && (weight < LimitBytes || address.StartsWith("/office", StringComparison.Ordinal)) && shift == 0;
                ok &= good;
                await told.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name,-24}{times[times.Count / 2],8:0.0}{p95,8:0.0}{weight / 1024,8:0.0}{shift,8:0.000}{(good ? "" : "  ✗")}"));
            }
        }
        await told.WriteLineAsync($"every page under {LimitMilliseconds} ms (p95), every candidate's under {LimitBytes / 1024} KB at its first load, nothing moves: {(ok ? "yes" : "no")}");
        return ok;
    }

    /// <summary>Once, with nothing in the browser's cache.</summary>
    private static async Task<(double Bytes, double Shift)> Load(IPage page, string address)
    {
        var cdp = await page.Context.NewCDPSessionAsync(page);
        await cdp.SendAsync("Network.clearBrowserCache");
        var response = await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.NetworkIdle });
        if (response is not { Status: 200 }) throw new InvalidOperationException($"{address} answered {response?.Status}.");
        return (await page.EvaluateAsync<double>(Weight), await page.EvaluateAsync<double>(Shift));
    }

    /// <summary>From sending the request to the first byte, one after the other, in milliseconds.</summary>
    private static async Task<List<double>> Times(IPage page, string address)
    {
        var times = await page.EvaluateAsync<double[]>("""
            async ([address, count]) => {
              const times = [];
              for (let i = 0; i < count; i++) {
                const begun = performance.now();
                const response = await fetch(address, { cache: 'no-store' });
                times.push(performance.now() - begun);
                await response.arrayBuffer();
              }
              return times;
            }
            """, new object[] { address, Looks + Warming });
        return [.. times.Skip(Warming).Order()];
    }
}
