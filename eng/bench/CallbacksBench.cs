using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ExamPlatform.Payments;
using ExamPlatform.Payments.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ExamPlatform.Bench;

/// <summary>
/// The payment service, in a process of its own that is killed meanwhile, under the callbacks of a bad day: shuffled, repeated, late, forged, some never sent. The bench is the bank: it signs, sends again what was
/// not taken, and answers when it is asked. What became of the money is then counted in the database.
/// </summary>
internal static class CallbacksBench
{
    private const int Callbacks = 100_000, AtOnce = 32, Kills = 3, ForgedPercent = 5, NeverSentPercent = 1, NeverPaidPercent = 2, Limit = 4_000;
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    /// <summary>One sending of what happened to one order; forged ones in one of the ways of <see cref="PlayedBank.Forge"/>.</summary>
    private sealed record Sending(string Number, bool Forged);

    /// <returns>Whether nothing was paid twice, nothing stayed unpaid that the bank was paid for, and nothing forged was believed.</returns>
    public static async Task<bool> RunAsync(LocalServers servers, TextWriter told, CancellationToken ct)
    {
        var random = new Random(20_270_110);
        await using var bank = await PlayedBank.StartAsync(ct);
        using var service = new PaymentProcess(servers, bank);
        await service.MigrateAsync(ct);
        await using var db = Open(servers);
        var numbers = await Seed(db, ct);
        var sendings = Plan(numbers, bank, random);
        await told.WriteLineAsync($"{numbers.Count:N0} orders, {sendings.Count:N0} callbacks, {sendings.Count(s => s.Forged):N0} of them forged; the service is killed {Kills} times");
        var limit = await MeasureLimit(servers, bank, numbers, ct);

        await service.StartAsync(ct);
        var (begun, answered) = (Stopwatch.GetTimestamp(), 0);
        var killing = Kill(service, () => Volatile.Read(ref answered), sendings.Count, ct);
        using var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(30) };
        var believed = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(sendings, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (sending, _) =>
        {
            if (await Send(http, service.Address, bank, sending, ct) && sending.Forged) believed.Add(sending.Number);
            Interlocked.Increment(ref answered);
        });
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await killing;
        var settled = await Settle(db, bank.Paid.Count, ct);

        var rate = sendings.Count / seconds;
        await told.WriteLineAsync($"{sendings.Count:N0} answered in {seconds:0} s with {service.Kills} kills: {rate:0} callbacks/s; this machine's limit (RSA verify + AES open + one INSERT, {AtOnce} at once): {limit:0}/s; ratio {rate / limit:0.00}");
        await told.WriteLineAsync($"settled {settled.TotalSeconds:0} s after the last callback, {bank.Asked:N0} questions asked of the bank");
        var faults = await Count(servers, bank, believed, told, ct);
        return faults == 0;
    }

    private static PaymentDb Open(LocalServers servers) => new(new DbContextOptionsBuilder<PaymentDb>().UseNpgsql(servers.Postgres).Options);

    /// <summary>Fees with one order open at the bank each, whose next question is an hour away: what makes them paid is the callback, but for those that are due to be asked about.</summary>
    private static async Task<IReadOnlyList<string>> Seed(PaymentDb db, CancellationToken ct)
    {
        var (numbers, now) = (new List<string>(), DateTimeOffset.UtcNow);
        for (var n = 0; n < Callbacks * 2 / 11; n++)
        {
            var fee = Fee.FallDue(Guid.CreateVersion7(), Guid.NewGuid(), Guid.NewGuid(), "HP", "2027", "110000/110100/", 24400, now.AddDays(7), now);
            if (fee.Order("wechat-native", "Exam fee", null, now, out var order) is { } refusal || (refusal = fee.Learn(order, new BankAnswer.Accepted(PayHandle.Code("weixin://bench")), "bank", now)) is not null)
                throw new InvalidOperationException(refusal.Detail);
            if (n % 100 >= NeverSentPercent)
                for (var asked = 0; asked < PaymentOrder.AskAfter.Count; asked++) order.TakeTurn(now);
            db.Fees.Add(fee);
            numbers.Add(order.Number);
            if (n % 500 != 499) continue;
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
        }
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
        return numbers;
    }

    /// <summary>Each payment is told one to ten times, in any order, hours after it was made; some never; some orders are named by forgers only.</summary>
    private static List<Sending> Plan(IReadOnlyList<string> numbers, PlayedBank bank, Random random)
    {
        var sendings = new List<Sending>();
        for (var n = 0; n < numbers.Count; n++)
        {
            var neverPaid = n % 100 >= 100 - NeverPaidPercent;
            if (!neverPaid) bank.Pay(numbers[n], DateTimeOffset.UtcNow.AddSeconds(-random.Next(86_400)));
            var times = neverPaid || n % 100 < NeverSentPercent ? 0 : random.Next(1, 11);
            for (; times > 0; times--) sendings.Add(new(numbers[n], false));
        }
        var forged = sendings.Count * ForgedPercent / (100 - ForgedPercent);
        // the never paid are every forger's first choice
        for (var n = 0; n < forged; n++) sendings.Add(new(numbers[n % 2 == 0 ? random.Next(numbers.Count / 100) * 100 + 99 : random.Next(numbers.Count)], true));
        var shuffled = sendings.ToArray();
        random.Shuffle(shuffled);
        return [.. shuffled];
    }

    /// <summary>As the bank does: what is not answered, or by a failure, is sent again.</summary>
    /// <returns>Whether it was taken as good.</returns>
    private static async Task<bool> Send(HttpClient http, Uri to, PlayedBank bank, Sending sending, CancellationToken ct)
    {
        while (true)
        {
            using var request = sending.Forged ? bank.Forge(to, sending.Number) : bank.Tell(to, sending.Number);
            try
            {
                using var answer = await http.SendAsync(request, ct);
                if (answer.IsSuccessStatusCode) return true;
                if ((int)answer.StatusCode < 500 && answer.StatusCode is not HttpStatusCode.TooManyRequests) return false;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                // nobody there: it was killed
            }
            await Task.Delay(500, ct);
        }
    }

    private static async Task Kill(PaymentProcess service, Func<int> answered, int all, CancellationToken ct)
    {
        for (var n = 1; n <= Kills; n++)
        {
            while (answered() < (long)all * n / (Kills + 1)) await Task.Delay(100, ct);
            await service.KillAndStartAsync(ct);
        }
    }

    private static async Task<TimeSpan> Settle(PaymentDb db, int paid, CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < Settling)
        {
            if (await db.Fees.CountAsync(f => f.State == FeeState.Paid, ct) >= paid && !await db.BankCallbacks.AnyAsync(c => c.Verdict == Verdict.Received, ct)) break;
            await Task.Delay(500, ct);
        }
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>How fast this machine verifies, opens and keeps one callback if nothing else is done.</summary>
    private static async Task<double> MeasureLimit(LocalServers servers, PlayedBank bank, IReadOnlyList<string> numbers, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(servers.Postgres);
        await using (var create = source.CreateCommand("create table limit_of_machine (id uuid primary key, body bytea not null)")) await create.ExecuteNonQueryAsync(ct);
        var told = numbers.Take(Limit).Select(bank.Words).ToList();
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(told, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (words, token) =>
        {
            bank.VerifyAndOpen(words);
            await using var insert = source.CreateCommand("insert into limit_of_machine values ($1, $2)");
            insert.Parameters.AddWithValue(Guid.CreateVersion7());
            insert.Parameters.AddWithValue(Encoding.UTF8.GetBytes(words.Body));
            await insert.ExecuteNonQueryAsync(token);
        });
        return told.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task<long> Count(LocalServers servers, PlayedBank bank, IReadOnlyCollection<string> believed, TextWriter told, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(servers.Postgres);
        var faults = 0L;
        await Say("paid twice", "select count(*) from (select fee_id from transitions where event = 'Received' group by fee_id having count(*) > 1) twice");
        await Say("told twice that it is paid", "select count(*) from (select aggregate_id from outbox where type like '%PaymentReceived%' group by aggregate_id having count(*) > 1) twice");
        await Say("unpaid though the bank was paid", $"select {bank.Paid.Count} - count(*) from fees where state = 'Paid'");
        await Say("orders that are both paid and surplus, or surplus", "select count(*) from payment_orders where state = 'Surplus'");
        await Say("events with more than one effect", "select count(*) from (select event_id from bank_callbacks where verdict = 'Accepted' group by event_id having count(*) > 1) twice");
        await Say("callbacks not judged", "select count(*) from bank_callbacks where verdict = 'Received'");
        await Say("paid to another amount or time than the bank's", "select count(*) from fees f join payment_orders o on o.fee_id = f.id and o.state = 'Paid' where f.paid_at <> o.paid_at or f.amount_in_fen <> o.amount_in_fen");
        await Say("ledger postings that do not balance", "select count(*) from (select posting from ledger_entries group by posting having sum(amount_in_fen) <> 0) wrong");
        await Say("fen of fees in the ledger that differ from the fees paid", "select abs((select coalesce(sum(amount_in_fen), 0) from fees where state = 'Paid') - (select abs(coalesce(sum(amount_in_fen), 0)) from ledger_entries where account = 'ExamFees'))");
        faults += believed.Count;
        await told.WriteLineAsync($"forged and believed: {believed.Count} (to be 0)");
        return faults;

        async Task Say(string what, string sql)
        {
            await using var command = source.CreateCommand(sql);
            var count = Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
            faults += Math.Abs(count);
            await told.WriteLineAsync($"{what}: {count} (to be 0)");
        }
    }

    /// <summary>The service's own program with the bench as its bank.</summary>
    private sealed class PaymentProcess(LocalServers servers, PlayedBank bank) : IDisposable
    {
        private readonly string port = LocalServers.FreePort();
        private Process? running;

        public int Kills { get; private set; }
        public Uri Address => new($"http://127.0.0.1:{port}/callbacks/wechat-pay");

        public async Task MigrateAsync(CancellationToken ct)
        {
            using var migration = Begin("migrate");
            await migration.WaitForExitAsync(ct);
            if (migration.ExitCode != 0) throw new InvalidOperationException($"The migration of the payment service ended with {migration.ExitCode}.");
        }

        public async Task StartAsync(CancellationToken ct)
        {
            running = Begin();
            using var http = new HttpClient();
            for (var tries = 0; ; tries++)
            {
                try
                {
                    using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/alive"), ct);
                    if (answer.IsSuccessStatusCode) return;
                }
                catch (HttpRequestException) when (tries < 600 && !running.HasExited)
                {
                    // not yet
                }
                await Task.Delay(100, ct);
            }
        }

        public async Task KillAndStartAsync(CancellationToken ct)
        {
            running!.Kill(); // SIGKILL
            await running.WaitForExitAsync(ct);
            running.Dispose();
            Kills++;
            await StartAsync(ct);
        }

        private Process Begin(params string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "../../../../../services/payment/bin/Debug/net10.0/ExamPlatform.Payment.dll"), .. arguments]);
            foreach (var (name, value) in new Dictionary<string, string>
            {
                ["DOTNET_ENVIRONMENT"] = "Production",
                ["Logging__LogLevel__Default"] = "Critical",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
                ["ConnectionStrings__paymentdb"] = servers.Postgres,
                ["ConnectionStrings__messaging"] = servers.Rabbit,
                ["Platform__Key"] = RandomNumberGenerator.GetHexString(32),
                ["Audit__Key"] = Convert.ToBase64String(new byte[32]),
                ["Sealing__Master"] = "bench",
                ["Sealing__Masters__bench"] = Convert.ToBase64String(new byte[32]),
                ["services__identity__http__0"] = "http://127.0.0.1:9",
                ["services__identity__grpc__0"] = "http://127.0.0.1:9",
                ["services__application__grpc__0"] = "http://127.0.0.1:9", // nobody is asked: no fee is at its end
            }.Concat(bank.Settings)) start.Environment[name] = value;
            return Process.Start(start)!;
        }

        public void Dispose()
        {
            if (running is not { HasExited: false }) return;
            running.Kill();
            running.WaitForExit();
            running.Dispose();
        }
    }
}
