using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Testing;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Status = Grpc.Core.Status;
using StatusCode = Grpc.Core.StatusCode;

namespace ExamPlatform.Notifications.Tests;

public class NotificationFixture : ServiceFixture<NotificationDb, NotificationDb>
{
    private SmsWorld? world;

    public SmsWorld World => world ??= new(Clock, () => Server.CreateHandler());

    /// <summary>Whether application and identity answer.</summary>
    public bool PeersAway { get; set; }

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Notification:AliyunSms:BaseAddress", World.Address.ToString()),
        new("Notification:AliyunSms:AccessKeyId", SmsWorld.KeyId),
        new("Notification:AliyunSms:AccessKeySecret", SmsWorld.KeySecret),
        new("Notification:AliyunSms:ReplyToken", SmsWorld.ReplyToken),
        new("Notification:WeChat:BaseAddress", World.Address.ToString()),
        new("Notification:WeChat:WebAddress", "https://exam.test"),
        new("Notification:WeChat:Account:AppId", "test-AccountAppId"),
        new("Notification:WeChat:Account:Secret", "test-AccountSecret"),
        new("Notification:WeChat:MiniProgram:AppId", "test-MiniProgramAppId"),
        new("Notification:WeChat:MiniProgram:Secret", "test-MiniProgramSecret"),
        new("Notification:Baidu:BaseAddress", World.Address.ToString()),
        new("Notification:Baidu:ClientId", "test-BaiduClientId"),
        new("Notification:Baidu:Secret", "test-BaiduSecret"),
        .. More,
    ];

    /// <summary>What a test's own fixture sets beside.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> More => [];

    /// <summary>Where messages to people go at other platforms, by channel and candidate, as identity knows it.</summary>
    public ConcurrentDictionary<(string Channel, string Candidate), string> Addresses { get; } = new();

    /// <summary>As of when a person's mobile was last asked for; empty: now.</summary>
    public ConcurrentDictionary<string, string> AskedAt { get; } = new();

    /// <summary>People whose mobile is not known.</summary>
    public ConcurrentDictionary<string, bool> WithoutMobile { get; } = new();

    /// <summary>Applications that are a practice, as application knows it.</summary>
    public ConcurrentDictionary<string, bool> Trials { get; } = new();

    /// <summary>Whom application names for a bulk send of an exam, two at a time.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<(Guid Candidate, Guid Application)>> Audiences { get; } = new();

    /// <summary>What application was asked about them.</summary>
    public ConcurrentQueue<ListAudienceRequest> AskedAudiences { get; } = new();

    /// <summary>People whose account is deleted.</summary>
    public ConcurrentDictionary<string, bool> Gone { get; } = new();

    /// <summary>Digits of the codes that are good, as identity knows them.</summary>
    public ConcurrentDictionary<Guid, string> Codes { get; } = new();

    /// <summary>Who has a mobile, as identity knows it.</summary>
    public ConcurrentDictionary<string, Guid[]> People { get; } = new();

    /// <summary>What the service wrote into its log, and the addresses in its traces.</summary>
    public ConcurrentQueue<string> Told { get; } = new();

    protected override void Replace(IServiceCollection services)
    {
        services.AddSingleton<ApplicationAnswers.ApplicationAnswersClient>(new Applications(this));
        services.AddSingleton<IdentityAnswers.IdentityAnswersClient>(new Identities(this));
        services.AddSingleton<DocumentAnswers.DocumentAnswersClient>(new Documents(this));
        services.AddSingleton<ILoggerProvider>(new Listening(this));
        services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddProcessor(new Watching(this)));
    }

    private readonly ConcurrentDictionary<string, (string Owner, string State, string Kind)> attachments = new();

    /// <summary>A file that an officer has uploaded for an article, as document knows it.</summary>
    public Guid Attachment(Guid officer, string state = "ready", string kind = "attachment")
    {
        var id = Guid.NewGuid();
        attachments[id.ToString()] = (officer.ToString(), state, kind);
        return id;
    }

    /// <summary>Document has it no longer.</summary>
    public void Lose(Guid attachment) => attachments.TryRemove(attachment.ToString(), out _);

    public const string NameOfAll = "欧阳䶮";

    /// <summary>Each test person's own number.</summary>
    public static string MobileOf(Guid candidate) => "138" + (BitConverter.ToUInt32(candidate.ToByteArray()) % 100_000_000).ToString("D8", CultureInfo.InvariantCulture);

    public async Task<Notice> NoticeTo(Guid candidate, NoticeEvent of)
    {
        await Until.Async(async () => await Find(candidate, of) is not null, what: $"there is a notice of {of}");
        return (await Find(candidate, of))!;
    }

    /// <summary>Waits until a delivery of the notice has come to a state.</summary>
    public async Task<Delivery> DeliveryIn(DeliveryState state, Guid candidate, NoticeEvent of, DeliveryChannel channel)
    {
        Delivery? delivery = null;
        await Until.Async(async () => (delivery = (await Find(candidate, of))?.Deliveries.Find(d => d.Channel == channel))?.State == state, what: $"{of} by {channel} is {state}");
        return delivery!;
    }

    public async Task<JsonElement> Inbox(Guid candidate, string query = "") => await Candidate(candidate).GetFromJsonAsync<JsonElement>("/api/notices" + query);

    private Task<Notice?> Find(Guid candidate, NoticeEvent of) =>
        Query(db => db.Notices.AsNoTracking().Include(n => n.Deliveries).ThenInclude(d => d.History).FirstOrDefaultAsync(n => n.CandidateId == candidate && n.Event == of));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) world?.Dispose();
    }

    private static AsyncUnaryCall<T> Answer<T>(bool away, T answer) => new(
        away ? Task.FromException<T>(new RpcException(new Status(StatusCode.Unavailable, "away"))) : Task.FromResult(answer), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

    private static AsyncUnaryCall<T> No<T>(StatusCode code) => new(Task.FromException<T>(new RpcException(new Status(code, ""))), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

    private sealed class Applications(NotificationFixture test) : ApplicationAnswers.ApplicationAnswersClient
    {
        public override AsyncUnaryCall<NoticeFacts> GetNoticeFactsAsync(GetNoticeFactsRequest request, CallOptions options) => Answer(test.PeersAway, new NoticeFacts
        {
            ProgrammeTitle = "卫生专业技术资格考试",
            SessionTitle = "2027年度",
            AreaTitle = "北京",
            StageTitle = request.Stage.Length > 0 ? $"环节{request.Stage}" : "",
            ReasonTexts = { request.ReasonCodes.Select(code => $"原因{code}。") },
            Trial = test.Trials.ContainsKey(request.ApplicationId),
        });

        public override AsyncUnaryCall<Audience> ListAudienceAsync(ListAudienceRequest request, CallOptions options)
        {
            const int page = 2;
            test.AskedAudiences.Enqueue(request);
            var rest = test.Audiences.GetValueOrDefault(request.ProgrammeCode, []).SkipWhile(m => request.After.Length > 0 && m.Application.ToString() != request.After).Skip(request.After.Length > 0 ? 1 : 0).ToList();
            return Answer(test.PeersAway, new Audience
            {
                Members = { rest.Take(page).Select(m => new AudienceMember { CandidateId = m.Candidate.ToString(), ApplicationId = m.Application.ToString() }) },
                Next = rest.Count > page ? rest[page - 1].Application.ToString() : "",
            });
        }
    }

    private sealed class Identities(NotificationFixture test) : IdentityAnswers.IdentityAnswersClient
    {
        public override AsyncUnaryCall<Address> GetAddressAsync(GetAddressRequest request, CallOptions options)
        {
            test.AskedAt[request.CandidateId] = request.At;
            return Answer(test.PeersAway, new Address { CandidateId = request.CandidateId, Mobile = test.WithoutMobile.ContainsKey(request.CandidateId) ? "" : MobileOf(Guid.Parse(request.CandidateId)) });
        }

        public override AsyncUnaryCall<MessageAddress> GetMessageAddressAsync(GetMessageAddressRequest request, CallOptions options) =>
            Answer(test.PeersAway, new MessageAddress { Address = test.Addresses.GetValueOrDefault((request.Channel, request.CandidateId), "") });

        public override AsyncUnaryCall<Reaches> ListReachAsync(ListReachRequest request, CallOptions options) => Answer(test.PeersAway, new Reaches
        {
            People = { request.CandidateIds.Where(id => !test.Gone.ContainsKey(id)).Select(id => new Reach { CandidateId = id, Mobile = !test.WithoutMobile.ContainsKey(id), WeChat = test.Addresses.ContainsKey(("weChat", id)) }) },
        });

        public override AsyncUnaryCall<Person> GetPersonAsync(GetPersonRequest request, CallOptions options) => Answer(test.PeersAway, new Person { CandidateId = request.CandidateId, Name = NameOfAll });

        public override AsyncUnaryCall<SmsCodeToSend> GetSmsCodeAsync(GetSmsCodeRequest request, CallOptions options) => Guid.Parse(request.CodeId) is var id && test.Codes.GetValueOrDefault(id) is { } digits
            ? Answer(test.PeersAway, new SmsCodeToSend { Mobile = MobileOf(id), Digits = digits })
            : No<SmsCodeToSend>(StatusCode.FailedPrecondition);

        public override AsyncUnaryCall<FoundCandidates> FindByMobileAsync(FindByMobileRequest request, CallOptions options) =>
            Answer(test.PeersAway, new FoundCandidates { CandidateIds = { test.People.GetValueOrDefault(request.Mobile, []).Select(id => id.ToString()) } });
    }

    private sealed class Documents(NotificationFixture test) : DocumentAnswers.DocumentAnswersClient
    {
        public override AsyncUnaryCall<GetDocumentsReply> GetDocumentsAsync(GetDocumentsRequest request, CallOptions options) => Answer(test.PeersAway, new GetDocumentsReply
        {
            Documents = { request.DocumentIds.Where(id => test.attachments.TryGetValue(id, out var known) && known.Owner == request.CandidateId).Select(id => new DocumentState { DocumentId = id, Kind = test.attachments[id].Kind, State = test.attachments[id].State, ContentType = "application/pdf", Bytes = 1000 }) },
        });

        public override AsyncUnaryCall<AttachmentLink> LinkAttachmentAsync(LinkAttachmentRequest request, CallOptions options) => !test.attachments.ContainsKey(request.DocumentId) ? No<AttachmentLink>(StatusCode.NotFound)
            : Answer(test.PeersAway, new AttachmentLink { Address = $"/link-of/{request.DocumentId}/{Uri.EscapeDataString(request.Name)}" });
    }

    private sealed class Listening(NotificationFixture test) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Dispose() { }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            test.Told.Enqueue($"{formatter(state, exception)} {exception}");
    }

    private sealed class Watching(NotificationFixture test) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => test.Told.Enqueue($"{data.DisplayName} {string.Join(' ', data.TagObjects.Select(tag => tag.Value))}");
    }
}
