using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace ExamPlatform;

/// <summary>
/// A browser without a window that turns pages into tagged PDFs, spoken to in the DevTools protocol over two pipes: it opens no port, and ends when this process does. It gets none of our
/// environment (keys are in it), runs no script, reaches no network and reads no file: all it is given is one page.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private const int LargestAnswer = 64 * 1024 * 1024;

    private readonly Process process;
    private readonly string folder;
    private readonly byte[] chunk = new byte[64 * 1024];
    private readonly MemoryStream held = new();
    private int asked;

    private Chromium(Process process, string folder) => (this.process, this.folder) = (process, folder);

    /// <exception cref="System.ComponentModel.Win32Exception">There is no shell on this machine.</exception>
    public static Chromium Start(string browser)
    {
        var folder = Directory.CreateTempSubdirectory("exam-forms-").FullName;
        // descriptors 3 and 4 are the protocol's; a Process of .NET has only the first three, so a shell moves them
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var word in (string[])["-c", "exec nice -n 10 \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", "sh", browser, .. Arguments(folder)]) start.ArgumentList.Add(word);
        start.Environment.Clear();
        (start.Environment["PATH"], start.Environment["HOME"], start.Environment["LANG"]) = ("/usr/local/bin:/usr/bin:/bin", folder, "C.UTF-8");
        return new(Process.Start(start)!, folder);
    }

    /// <returns>The PDF.</returns>
    /// <exception cref="IOException">The browser is not there, has died, or refused.</exception>
    public async Task<byte[]> Print(string html, CancellationToken ct)
    {
        var target = (await Ask("Target.createTarget", new() { ["url"] = "about:blank" }, null, ct))["targetId"]!.GetValue<string>();
        var session = (await Ask("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = true }, null, ct))["sessionId"]!.GetValue<string>();
        await Ask("Emulation.setScriptExecutionDisabled", new() { ["value"] = true }, session, ct);
        await Ask("Network.enable", [], session, ct);
        await Ask("Network.emulateNetworkConditions", new() { ["offline"] = true, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = -1 }, session, ct);
        var frame = (await Ask("Page.getFrameTree", [], session, ct))["frameTree"]!["frame"]!["id"]!.GetValue<string>();
        await Ask("Page.setDocumentContent", new() { ["frameId"] = frame, ["html"] = html }, session, ct);
        var printed = await Ask("Page.printToPDF", new() { ["preferCSSPageSize"] = true, ["generateTaggedPDF"] = true }, session, ct);
        await Ask("Target.closeTarget", new() { ["targetId"] = target }, null, ct);
        return Convert.FromBase64String(printed["data"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        await held.DisposeAsync();
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // a child of the browser was still writing; the folder is the machine's to clean
        }
    }

    private static string[] Arguments(string folder) =>
    [
        "--headless", "--remote-debugging-pipe", $"--user-data-dir={folder}", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-extensions", "--disable-dev-shm-usage", "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND",
        .. Environment.IsPrivilegedProcess ? ["--no-sandbox"] : Array.Empty<string>(), // Chromium refuses root with its sandbox on
    ];

    private async Task<JsonNode> Ask(string method, JsonObject parameters, string? session, CancellationToken ct)
    {
        var id = ++asked;
        var question = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null) question["sessionId"] = session;
        await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(question.ToJsonString() + '\0'), ct);
        await process.StandardInput.BaseStream.FlushAsync(ct);
        while (true)
        {
            var said = JsonNode.Parse(await Next(ct))!;
            if (said["id"]?.GetValue<int>() != id) continue; // an event
            return said["result"] ?? throw new IOException($"Chromium refused {method}: {said["error"]?["code"]}");
        }
    }

    /// <summary>One message; each ends with a zero byte.</summary>
    private async Task<byte[]> Next(CancellationToken ct)
    {
        var from = 0;
        while (true)
        {
            var end = held.GetBuffer().AsSpan(from, (int)held.Length - from).IndexOf((byte)0);
            if (end >= 0)
            {
                var (message, rest) = (held.GetBuffer()[..(from + end)], held.GetBuffer()[(from + end + 1)..(int)held.Length]);
                held.SetLength(0);
                held.Write(rest);
                return message;
            }
            from = (int)held.Length;
            var read = await process.StandardOutput.BaseStream.ReadAsync(chunk, ct);
            if (read == 0) throw new IOException("Chromium has gone, or is not installed.");
            held.Write(chunk, 0, read);
            if (held.Length > LargestAnswer) throw new IOException("Chromium says too much.");
        }
    }
}
