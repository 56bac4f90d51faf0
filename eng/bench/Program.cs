using System.Runtime.InteropServices;
using ExamPlatform.Bench;

if (args is not (["outbox" or "registers" or "worklist" or "characters" or "photo" or "forms" or "callbacks" or "notices"] or ["paid", _]))
{
    Console.Error.WriteLine("Say what to measure: outbox, registers, worklist, characters, photo, forms, callbacks, notices, or paid with the run file of a platform");
    return 2;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };
using var ended = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => { context.Cancel = true; stop.Cancel(); });
if (args[0] is "characters") return await CharactersBench.RunAsync(Console.Out, stop.Token) ? 0 : 1;
if (args[0] is "photo") return await PhotoBench.RunAsync(Console.Out, stop.Token) ? 0 : 1;
if (args is ["paid", var runFile]) return await PaidBench.RunAsync(runFile, Console.Out, stop.Token) ? 0 : 1;
if (args[0] is "forms") return await FormsBench.RunAsync(Console.Out, stop.Token) ? 0 : 1;
await using var servers = await LocalServers.StartAsync(broker: args[0] is "outbox" or "callbacks" or "notices", stop.Token);
return await (args[0] switch
{
    "outbox" => OutboxBench.RunAsync(servers, Console.Out, stop.Token),
    "callbacks" => CallbacksBench.RunAsync(servers, Console.Out, stop.Token),
    "notices" => NoticesBench.RunAsync(servers, Console.Out, stop.Token),
    "registers" => RegistersBench.RunAsync(servers.Postgres, Console.Out, stop.Token),
    _ => WorkListBench.RunAsync(servers, Console.Out, stop.Token),
}) ? 0 : 1;
