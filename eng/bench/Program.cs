using ExamPlatform.Bench;

if (args is not ["outbox" or "registers"])
{
    Console.Error.WriteLine("Say what to measure: outbox, registers");
    return 2;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };
await using var servers = await LocalServers.StartAsync(broker: args[0] is "outbox", stop.Token);
return await (args[0] is "outbox" ? OutboxBench.RunAsync(servers, Console.Out, stop.Token) : RegistersBench.RunAsync(servers.Postgres, Console.Out, stop.Token)) ? 0 : 1;
