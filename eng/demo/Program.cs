using System.Text;
using ExamPlatform.Demo;
using ExamPlatform.Demo.Lives;

// Plays one whole life per programme through the gateway of a running platform (artifacts/run.json), over HTTP only.
if (args is not [var runFile])
{
    Console.Error.WriteLine("usage: Demo <path of run.json>");
    return 2;
}

Console.OutputEncoding = Encoding.UTF8;
var run = RunFile.Read(runFile);
using var platform = new Platform(run.Gateway, run.Sandbox, run.Password);
var completed = 0;
foreach (var (exam, play) in DemoLives.All)
    if (await Completes(exam, play)) completed++;

Console.WriteLine($"{DemoLives.All.Count} programmes: {completed} completed");
return completed == DemoLives.All.Count ? 0 : 1;

async Task<bool> Completes(string code, Func<Platform, Telling, Task> play)
{
    Telling? telling = null;
    try
    {
        await platform.Ready();
        telling = new(code, run.Dashboard, Console.Out);
        await play(platform, telling);
        return true;
    }
    catch (Exception e) when (e is Surprise or HttpRequestException or TaskCanceledException)
    {
        Console.Error.WriteLine($"{code} ✗ after step {telling?.Steps ?? 0}: {e.Message}");
        return false;
    }
    finally
    {
        telling?.Dispose();
    }
}
