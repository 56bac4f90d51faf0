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
(string Code, Func<Telling, Task> Play)[] lives =
[
    ("BM", telling => new BmLife(platform, telling).Play()), ("HP", telling => new HpLife(platform, telling).PlayOnSite()), ("NU", telling => new NuLife(platform, telling).Play()),
    ("ML", telling => new MlLife(platform, telling).Play()), ("FJ", telling => new FjLife(platform, telling).Play()),
];
var completed = 0;
foreach (var (code, play) in lives)
    if (await Completes(code, play)) completed++;

Console.WriteLine($"{lives.Length} programmes: {completed} completed");
return completed == lives.Length ? 0 : 1;

async Task<bool> Completes(string code, Func<Telling, Task> play)
{
    Telling? telling = null;
    try
    {
        await platform.Ready();
        telling = new(code, run.Dashboard, Console.Out);
        await play(telling);
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
