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
(string Code, Func<Telling, Task> Play)[] lives = [("HP", telling => new HpLife(platform, telling).Play())];
var completed = 0;
foreach (var (code, play) in lives)
{
    using var telling = new Telling(code, run.Dashboard, Console.Out);
    try
    {
        await platform.Ready();
        await play(telling);
        completed++;
    }
    catch (Exception e) when (e is Surprise or HttpRequestException or TaskCanceledException)
    {
        Console.Error.WriteLine($"{code} ✗ after step {telling.Steps}: {e.Message}");
    }
}

Console.WriteLine($"{lives.Length} programmes: {completed} completed");
return completed == lives.Length ? 0 : 1;
