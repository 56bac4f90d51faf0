using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Features;
using ExamPlatform.Testing;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExamPlatform.Payments.Tests;

[CollectionDefinition(nameof(PaymentFixture))]
public sealed class PaymentCollection : ICollectionFixture<PaymentFixture>;

/// <summary>The payment service with the sandbox as its bank. Tests use a fee of their own each; the clock only goes forward.</summary>
public sealed class PaymentFixture : ServiceFixture<PaymentDb, PaymentDb>
{
    private readonly ApplicationFake application = new();

    public PaymentFixture()
    {
        Bank = new(Clock, () => Server.CreateHandler());
        Bank.Open();
    }

    public SandboxBank Bank { get; }
    public IdentityFake Identity { get; } = new();
    public ScriptedBank Scripted { get; } = new();
    public KeptLogs Logs { get; } = new();

    /// <summary>What the application says now about when fees are due.</summary>
    public ConcurrentDictionary<Guid, DateTimeOffset?> Moved => application.Moved;

    /// <summary>The background watch, which also runs by itself every second.</summary>
    public KeepWatch Watch => Services.GetServices<IHostedService>().OfType<KeepWatch>().Single();

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. Bank.MerchantSettings, .. OtherBanks.Settings(Bank.Address), new("Logging:LogLevel:Default", "Information"), new("Logging:LogLevel:System.Net.Http", "Trace"), new("Logging:LogLevel:ExamPlatform", "Trace")];

    protected override void Replace(IServiceCollection services)
    {
        services.AddSingleton<ApplicationAnswers.ApplicationAnswersClient>(application);
        services.AddSingleton<IdentityAnswers.IdentityAnswersClient>(Identity);
        services.AddSingleton<Microsoft.AspNetCore.Hosting.IStartupFilter, FromThisMachine>();
        services.AddSingleton<ILoggerProvider>(Logs);
        services.AddSingleton<IChannel>(Scripted);
    }

    /// <summary>A fee of a new candidate fell due.</summary>
    public async Task<FeeDue> FeeFellDue(TimeSpan? window = null, long toldInFen = 24400, bool trial = false, string[]? channels = null, bool computerOnly = false)
    {
        var message = new FeeDue(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), "HP", "2027", "110000/110100/", 24400, Clock.Now + (window ?? TimeSpan.FromDays(7)), Clock.Now, trial);
        application.Tell(message, toldInFen, channels ?? (trial ? ["practice"] : ["wechat-native", "something-later"]), computerOnly);
        await Deliver(message);
        return message;
    }

    public Task<HttpResponseMessage> TryOrder(FeeDue fee, string channel = "wechat-native", Guid? by = null) =>
        Candidate(by ?? fee.CandidateId).PostAsJsonAsync($"/api/payments/fees/{fee.FeeId}/orders", new { channel, client = ClientOf(channel) });

    /// <summary>What this way is paid with.</summary>
    private static string ClientOf(string channel) => channel switch { "alipay-wap" or "unionpay-mobile" or "wechat-h5" => "mobile", "wechat-jsapi" => "weChat", "wechat-mini" => "miniProgram", _ => "pc" };

    /// <summary>A fee with an order open at the bank.</summary>
    public async Task<(FeeDue Fee, PaymentOrder Order)> Ordered(TimeSpan? window = null, string[]? channels = null)
    {
        var fee = await FeeFellDue(window, channels: channels);
        using var answer = await TryOrder(fee);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (fee, await OrderOf(fee));
    }

    /// <summary>A fee with an order open at the scripted bank.</summary>
    public async Task<(FeeDue Fee, PaymentOrder Order)> OrderedByScript(TimeSpan? window = null)
    {
        var fee = await FeeFellDue(window, channels: [ScriptedBank.Kind]);
        using var answer = await TryOrder(fee, ScriptedBank.Kind);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (fee, await OrderOf(fee));
    }

    /// <summary>A fee with an order that is written down and whose request has not come to the scripted bank yet.</summary>
    public async Task<(FeeDue Fee, PaymentOrder Order)> OrderOnItsWay()
    {
        var fee = await FeeFellDue(channels: [ScriptedBank.Kind]);
        await Query(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            (await db.LockFee(fee.FeeId, CancellationToken.None))!.Order(ScriptedBank.Kind, "exam fee", null, Clock.Now, out _);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return 0;
        });
        return (fee, await OrderOf(fee));
    }

    /// <summary>A fee that was paid at the scripted bank.</summary>
    public async Task<(FeeDue Fee, PaymentOrder Order)> Paid(TimeSpan? window = null)
    {
        var (fee, order) = await OrderedByScript(window);
        Scripted.Orders[order.Number] = new BankAnswer.Paid("transaction-" + order.Number, order.AmountInFen, Clock.Now);
        await Look(fee);
        return (fee, await OrderOf(fee));
    }

    /// <summary>A fee whose money came too late.</summary>
    public async Task<(FeeDue Fee, PaymentOrder Order)> PaidTooLate(params RefundAnswer[] answers)
    {
        var (fee, order) = await OrderedByScript(TimeSpan.FromMinutes(30));
        Scripted.Says(order, answers);
        Scripted.Orders[order.Number] = new BankAnswer.Paid("transaction-" + order.Number, order.AmountInFen, fee.DueAt.AddSeconds(1));
        Clock.Advance(TimeSpan.FromMinutes(31));
        await Becomes(fee, OrderState.Surplus);
        return (fee, await OrderOf(fee));
    }

    public HttpClient Province(Guid? id = null, string area = "110000/") => Officer("area", area, id);

    public Task<HttpResponseMessage> TryRefund(PaymentOrder order, long amountInFen = 24400, HttpClient? by = null, string reason = "考生退考，经核实同意") =>
        (by ?? Province()).PostAsJsonAsync($"/api/payments/orders/{order.Id}/refunds", new { amountInFen, reason });

    /// <summary>A refund that an officer asked for.</summary>
    public async Task<Refund> RefundAsked(PaymentOrder order, long amountInFen = 24400, Guid? by = null)
    {
        using var answer = await TryRefund(order, amountInFen, Province(by));
        Assert.True(answer.StatusCode == System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await Row((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refundId").GetGuid());
    }

    public Task<HttpResponseMessage> TryDecide(Refund refund, bool approve = true, HttpClient? by = null, string? note = null) =>
        (by ?? Province()).PostAsJsonAsync($"/api/payments/refunds/{refund.Id}/decision", new { approve, note });

    /// <summary>A refund that two officers agreed on.</summary>
    public async Task<Refund> RefundApproved(PaymentOrder order, long amountInFen = 24400)
    {
        var refund = await RefundAsked(order, amountInFen);
        using var answer = await TryDecide(refund);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, answer.StatusCode);
        return refund;
    }

    public Task<Refund> Row(Guid refund) => Query(db => db.Refunds.AsNoTracking().SingleAsync(r => r.Id == refund));

    public Task Becomes(Refund refund, RefundState state) => Until.Async(async () => (await Row(refund.Id)).State == state, what: $"the refund is {state}");

    /// <summary>The ledger's lines of one posting: account and amount.</summary>
    public Task<List<(LedgerAccount Account, long AmountInFen)>> Posting(string posting) => Query(async db =>
        (await db.LedgerEntries.AsNoTracking().Where(e => e.Posting == posting).OrderBy(e => e.Line).ToListAsync()).ConvertAll(e => (e.Account, e.AmountInFen)));

    public async Task<JsonElement> Look(FeeDue fee) => await Candidate(fee.CandidateId).GetFromJsonAsync<JsonElement>($"/api/payments/fees/{fee.FeeId}");

    public Task<Fee> Row(FeeDue fee) => Query(db => db.Fees.AsNoTracking().Include(f => f.Orders.OrderBy(o => o.CreatedAt).ThenBy(o => o.State == OrderState.Open)).Include(f => f.History.OrderBy(t => t.Id)).SingleAsync(f => f.Id == fee.FeeId));

    public async Task<PaymentOrder> OrderOf(FeeDue fee) => (await Row(fee)).Orders[^1];

    public Task Becomes(FeeDue fee, FeeState state) => Until.Async(async () => (await Row(fee)).State == state, what: $"the fee is {state}");

    public Task Becomes(FeeDue fee, OrderState state) => Until.Async(async () => (await OrderOf(fee)).State == state, what: $"the order is {state}");

    public Task<List<BankCallback>> CallbacksAbout(PaymentOrder order) => Query(db => db.BankCallbacks.AsNoTracking().Where(c => c.OrderId == order.Id).OrderBy(c => c.Id).ToListAsync());

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) Bank.Dispose();
    }
}

internal static class Answers
{
    public static async Task<string> Code(this HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()!["urn:exam:".Length..];
}

/// <summary>The application service's answers about fees.</summary>
internal sealed class ApplicationFake : ApplicationAnswers.ApplicationAnswersClient
{
    private readonly ConcurrentDictionary<string, Applications.Contracts.Fee> fees = new();

    /// <summary>Fees that are due later than they were told to be; null: nobody knows now.</summary>
    public ConcurrentDictionary<Guid, DateTimeOffset?> Moved { get; } = new();

    public void Tell(FeeDue fee, long amountInFen, string[] channels, bool computerOnly) => fees[fee.FeeId.ToString()] = new()
    {
        DueAt = fee.DueAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        AmountInFen = amountInFen,
        Description = $"Exam fee {fee.FeeId:N}",
        Lines = { new FeeLine { Title = "Subject 1", AmountInFen = amountInFen } },
        Channels = { channels },
        ComputerOnly = computerOnly,
    };

    public override AsyncUnaryCall<Applications.Contracts.Fee> GetFeeAsync(GetFeeRequest request, CallOptions options) => new(
        !fees.TryGetValue(request.FeeId, out var fee) ? Refused(StatusCode.NotFound)
            : !Moved.TryGetValue(Guid.Parse(request.FeeId), out var dueAt) ? Task.FromResult(fee)
            : dueAt is { } later ? Task.FromResult(new Applications.Contracts.Fee(fee) { DueAt = later.ToString("O", CultureInfo.InvariantCulture) }) : Refused(StatusCode.Unavailable),
        Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

    private static Task<Applications.Contracts.Fee> Refused(StatusCode code) => Task.FromException<Applications.Contracts.Fee>(new RpcException(new Status(code, "")));

    public override AsyncUnaryCall<Applications.Contracts.Fee> GetFeeAsync(GetFeeRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        GetFeeAsync(request, new CallOptions(headers, deadline, cancellationToken));
}

/// <summary>Everything the service wrote to its log.</summary>
public sealed class KeptLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => new Keeper(categoryName, lines);

    public void Dispose() => lines.Clear();

    private sealed class Keeper(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
    }
}
