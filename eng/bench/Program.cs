using ExamPlatform.Bench;

if (args is not ["outbox"])
{
    Console.Error.WriteLine("Say what to measure: outbox");
    return 2;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };
await using var servers = await LocalServers.StartAsync(stop.Token);
return await OutboxBench.RunAsync(servers, Console.Out, stop.Token) ? 0 : 1;
