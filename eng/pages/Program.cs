using System.Text;
using ExamPlatform.Demo;
using ExamPlatform.Pages;

// Looks at the pages of a running platform in Chromium: takes pictures of them, or measures them.
if (args is not [("measure" or "pictures") and var what, var runFile, .. { Length: <= 1 } folder])
{
    Console.Error.WriteLine("usage: Pages measure <path of run.json> | Pages pictures <path of run.json> <folder>");
    return 2;
}
Console.OutputEncoding = Encoding.UTF8;
var run = RunFile.Read(runFile);
using var platform = new Platform(run.Gateway, run.Sandbox, run.Password);
await platform.Ready();
Console.WriteLine("Bringing people to where their pages show something …");
var people = await Visitor.Bring(platform);
await using var browser = await Browser.Start(run.Web);
return what == "measure"
    ? await Measure.All(browser, people, Console.Out) ? 0 : 1
    : await Pictures.Take(browser, people, folder[0], Console.Out);
