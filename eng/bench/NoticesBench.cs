using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Notifications;
using ExamPlatform.Notifications.Features;
using Grpc.Core;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ExamPlatform.Bench;

/// <summary>
/// The notification service's own consumers and senders, over a PostgreSQL and a RabbitMQ of the bench's own, against an SMS gateway that fails every fifth request and leaves every twentieth without
/// an answer, half of those after it has taken the message. One gateway only: nothing is made better by switching over.
/// </summary>
internal static class NoticesBench
{
    private const int Events = 10_000, PerSecond = 80;
    private const double LateSeconds = 10, TargetShare = 0.95;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    /// <returns>Whether the target was met: no SMS twice, none lost, 95 % out within 10 s of the event.</returns>
    public static async Task<bool> RunAsync(LocalServers servers, TextWriter told, CancellationToken ct)
    {
        await using var gateway = new SickGateway();
        await gateway.StartAsync(ct);
        await using var app = Build(servers, gateway.Address);
        await app.MigrateAsync<NotificationDb>();
        await app.StartAsync(ct);
        var bus = app.Services.GetRequiredService<IBusControl>();
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, ct);
        await told.WriteLineAsync($"Telling {Events:N0} events, {PerSecond} a second …");
        var begun = await Tell(bus, app.Services.GetRequiredService<TimeProvider>(), ct);
        var settled = await Settled(app, ct);
        await app.StopAsync(ct);

        var waits = begun.Where(b => gateway.Taken.ContainsKey(b.Key)).Select(b => Stopwatch.GetElapsedTime(b.Value, gateway.Taken[b.Key].First()).TotalSeconds).Order().ToList();
        var (lost, twice) = (Events - waits.Count, gateway.Taken.Values.Sum(times => times.Count - 1));
        var inTime = waits.Count(w => w <= LateSeconds) / (double)Events;
        await told.WriteLineAsync($"load average at the end: {(await File.ReadAllTextAsync("/proc/loadavg", ct)).Split(' ')[0]} on {Environment.ProcessorCount} cores");
        await told.WriteLineAsync($"gateway: {gateway.Asked:N0} requests to send, {gateway.Failed:N0} failed, {gateway.Hung:N0} without an answer, {gateway.Looked:N0} questions about what it has");
        await told.WriteLineAsync($"event → taken by the gateway: p50 {At(waits, 0.5):0.00} s, p95 {At(waits, 0.95):0.00} s, p99 {At(waits, 0.99):0.00} s, max {waits[^1]:0.0} s; {inTime:P1} within {LateSeconds:0} s ({TargetShare:P0} asked)");
        await told.WriteLineAsync($"sent twice: {twice}, lost: {lost}, known as delivered: {settled:N0} of {Events:N0}");
        return twice == 0 && lost == 0 && settled == Events && inTime >= TargetShare;
    }

    private static WebApplication Build(LocalServers servers, string gateway)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        var templates = NoticeTemplates.Load(Path.Combine(AppContext.BaseDirectory, "templates"));
        builder.Configuration["ConnectionStrings:notificationdb"] = servers.Postgres + ";Maximum Pool Size=60";
        builder.Configuration["ConnectionStrings:messaging"] = servers.Rabbit;
        builder.Configuration["Audit:Key"] = Convert.ToBase64String(new byte[32]);
        foreach (var (name, value) in ((string, string)[])[("BaseAddress", gateway), ("AccessKeyId", "bench"), ("AccessKeySecret", "bench"), ("SignName", "bench"), ("ReplyToken", new string('t', 24))]) builder.Configuration[$"Notification:AliyunSms:{name}"] = value;
        foreach (var of in Enum.GetValues<NoticeEvent>()) builder.Configuration[$"Notification:AliyunSms:Templates:{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(of.ToString())}"] = "SMS_1";
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.AddServiceDefaults();
        builder.AddServiceDatabase<NotificationDb>("notificationdb");
        builder.AddServiceMessaging<NotificationDb>("notification");
        builder.AddChannels();
        builder.Services.AddSingleton(templates).AddSingleton<DeliverySignal>().AddScoped<Wording>().AddScoped<Consideration>().AddScoped<DeliverNotice>().AddHostedService<SendDeliveries>().AddHostedService<GoOnWithNotices>();
        builder.Services.AddSingleton<ApplicationAnswers.ApplicationAnswersClient>(new Applications()).AddSingleton<IdentityAnswers.IdentityAnswersClient>(new Identities());
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new Morning()));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    /// <returns>When each event was told, by the mobile of its candidate.</returns>
    private static async Task<Dictionary<string, long>> Tell(IBusControl bus, TimeProvider clock, CancellationToken ct)
    {
        var (told, started) = (new Dictionary<string, long>(), Stopwatch.GetTimestamp());
        for (var n = 0; n < Events; n++)
        {
            var ahead = TimeSpan.FromSeconds(n / (double)PerSecond) - Stopwatch.GetElapsedTime(started);
            if (ahead > TimeSpan.FromMilliseconds(5)) await Task.Delay(ahead, ct);
            told[MobileOf(n)] = Stopwatch.GetTimestamp();
            await bus.Publish(new RegistrationCompleted(Guid.NewGuid(), CandidateOf(n), "HP", "2027", clock.GetUtcNow()), ct);
        }
        return told;
    }

    /// <returns>How many SMS are known as delivered once all are, or the patience is at its end.</returns>
    private static async Task<int> Settled(WebApplication app, CancellationToken ct)
    {
        var (started, delivered) = (Stopwatch.GetTimestamp(), 0);
        while (delivered < Events && Stopwatch.GetElapsedTime(started) < Patience)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            await using var scope = app.Services.CreateAsyncScope();
            delivered = await scope.ServiceProvider.GetRequiredService<NotificationDb>().Deliveries.CountAsync(d => d.Channel == DeliveryChannel.Sms && d.State == DeliveryState.Delivered, ct);
        }
        return delivered;
    }

    private static Guid CandidateOf(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    private static string MobileOf(int number) => "138" + number.ToString("D8", CultureInfo.InvariantCulture);

    private static double At(List<double> ordered, double share) => ordered[(int)((ordered.Count - 1) * share)];

    private static AsyncUnaryCall<T> Answer<T>(T answer) => new(Task.FromResult(answer), Task.FromResult(new Metadata()), () => Grpc.Core.Status.DefaultSuccess, () => [], () => { });

    /// <summary>The platform's clock at ten in the morning of Beijing: by night what is measured would rest.</summary>
    private sealed class Morning : TimeProvider
    {
        private readonly TimeSpan ahead = new DateTimeOffset(2027, 1, 4, 2, 0, 0, TimeSpan.Zero) - DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + ahead;
    }

    private sealed class Applications : ApplicationAnswers.ApplicationAnswersClient
    {
        public override AsyncUnaryCall<NoticeFacts> GetNoticeFactsAsync(GetNoticeFactsRequest request, CallOptions options) => Answer(new NoticeFacts { ProgrammeTitle = "卫生专业技术资格考试", SessionTitle = "2027年度", AreaTitle = "北京" });
    }

    private sealed class Identities : IdentityAnswers.IdentityAnswersClient
    {
        public override AsyncUnaryCall<Address> GetAddressAsync(GetAddressRequest request, CallOptions options) =>
            Answer(new Address { CandidateId = request.CandidateId, Mobile = MobileOf(BitConverter.ToInt32(Guid.Parse(request.CandidateId).ToByteArray())) });

        public override AsyncUnaryCall<MessageAddress> GetMessageAddressAsync(GetMessageAddressRequest request, CallOptions options) => Answer(new MessageAddress());
    }

    /// <summary>Dysmsapi's two calls, ill.</summary>
    private sealed class SickGateway : IAsyncDisposable
    {
        private const double FailShare = 0.2, HangShare = 0.05;
        private readonly WebApplication app;
        private readonly Random chance = new(42);
        private int asked, failed, hung, looked;

        public SickGateway()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            app = builder.Build();
            app.MapPost("/", (Delegate)Handle);
        }

        /// <summary>When a message to a mobile was taken, each time.</summary>
        public ConcurrentDictionary<string, ConcurrentQueue<long>> Taken { get; } = new();

        private readonly ConcurrentDictionary<string, string> outIds = new();

        public string Address => app.Urls.First();
        public int Asked => asked;
        public int Failed => failed;
        public int Hung => hung;
        public int Looked => looked;

        public Task StartAsync(CancellationToken ct) => app.StartAsync(ct);

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task<IResult> Handle(HttpContext context)
        {
            var form = await context.Request.ReadFormAsync();
            if (context.Request.Headers["x-acs-action"] == "QuerySendDetails")
            {
                Interlocked.Increment(ref looked);
                var found = outIds.TryGetValue(form["PhoneNumber"].ToString(), out var outId) ? new[] { new { OutId = outId } } : [];
                return Results.Json(new { Code = "OK", SmsSendDetailDTOs = new { SmsSendDetailDTO = found } }, new System.Text.Json.JsonSerializerOptions());
            }
            double drawn;
            lock (chance) drawn = chance.NextDouble();
            Interlocked.Increment(ref asked);
            if (drawn < FailShare)
            {
                Interlocked.Increment(ref failed);
                return Results.Json(new { Code = "isp.SYSTEM_ERROR" }, new System.Text.Json.JsonSerializerOptions());
            }
            if (drawn is < FailShare + (HangShare / 2) or >= FailShare + HangShare)
            {
                outIds[form["PhoneNumbers"].ToString()] = form["OutId"].ToString();
                Taken.GetOrAdd(form["PhoneNumbers"].ToString(), _ => []).Enqueue(Stopwatch.GetTimestamp());
            }
            if (drawn >= FailShare + HangShare) return Results.Json(new { Code = "OK", BizId = "1^0" }, new System.Text.Json.JsonSerializerOptions());
            Interlocked.Increment(ref hung);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return Results.Empty;
        }
    }
}
