using System.Data.Common;
using System.Net;
using ExamPlatform.Applications.Features;
using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ExamPlatform.Applications.Tests;

/// <summary>The application service, with identity and document played by <see cref="FakeIdentity"/> and <see cref="FakeDocuments"/>.</summary>
public class ApplicationFixture : ServiceFixture<ApplicationDb, ApplicationDb>
{
    public FakeIdentity Identity { get; } = new();
    public FakeDocuments Documents { get; } = new();
    public CountedCommands Commands { get; } = new();
    public FakeGateway Gateway { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings => Needed;

    /// <summary>What the service insists on being told.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Needed => [new("Application:Receipts:Key", ReceiptKey), new("Application:Chsi:BaseAddress", "http://127.0.0.1:1"),
        new("services:gateway:http:0", "http://gateway.test")];

    private static readonly string ReceiptKey = Convert.ToBase64String(System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKey());

    protected override void Replace(IServiceCollection services) => Play(services);

    internal void Play(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton<IdentityAnswers.IdentityAnswersClient>(Identity));
        services.Replace(ServiceDescriptor.Singleton<DocumentAnswers.DocumentAnswersClient>(Documents));
        services.AddHttpClient(nameof(KeepBeat)).ConfigurePrimaryHttpMessageHandler(() => Gateway);
        services.ConfigureDbContext<ApplicationDb>(options => options.AddInterceptors(Commands));
    }

    /// <summary>A person with a filled profile.</summary>
    public async Task<Person> APerson()
    {
        var person = new Person(this);
        await person.FillProfile();
        return person;
    }
}

/// <summary>What a candidate would find at the gateway: an answer, or 503 at one address.</summary>
public sealed class FakeGateway : HttpMessageHandler
{
    public string? Away { get; set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(request.RequestUri!.AbsolutePath == Away ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));
}

/// <summary>Counts the queries that ask for an id, so that those of the jobs in the background do not count.</summary>
public sealed class CountedCommands : DbCommandInterceptor
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, int> counts = new();

    /// <summary>How many there were since this was asked last.</summary>
    public int About(Guid id) => counts.TryRemove(id, out var count) ? count : 0;

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        foreach (DbParameter parameter in command.Parameters)
            if (parameter.Value is Guid id) counts.AddOrUpdate(id, 1, (_, count) => count + 1);
        return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
    }
}

/// <summary>Another instance of the service over the database of the first.</summary>
public sealed class SecondReplica(ApplicationFixture first) : ServiceFixture<ApplicationDb, ApplicationDb>
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => ApplicationFixture.Needed;

    protected override void Replace(IServiceCollection services) => first.Play(services);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("ConnectionStrings:applicationdb", first.Services.GetRequiredService<IConfiguration>().GetConnectionString("applicationdb"));
    }
}

public sealed class FakeIdentity : IdentityAnswers.IdentityAnswersClient
{
    public string DocumentType { get; set; } = "residentId";
    public string Name { get; set; } = "测试考生";

    /// <summary>What the person is registered as.</summary>
    public string IdentityType { get; set; } = "";

    /// <summary>What the national registry says.</summary>
    public string Check { get; set; } = "passed";

    public override AsyncUnaryCall<Identities.Contracts.Person> GetPersonAsync(GetPersonRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        Reply(new Identities.Contracts.Person { CandidateId = request.CandidateId, Name = Name, DocumentType = DocumentType, DocumentNumber = "110101199003070011", Sex = "male", BirthDate = "1990-03-07", Nationality = "CHN", IdentityCheck = Check, IdentityType = IdentityType });

    /// <summary>Whether a candidate has bound WeChat and follows; who is not named here has and does.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<Guid, WeChatState> WeChat { get; } = new();

    public override AsyncUnaryCall<WeChatState> GetWeChatAsync(GetWeChatRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        Away ? throw new RpcException(new(StatusCode.Unavailable, "away")) : Reply(WeChat.GetValueOrDefault(Guid.Parse(request.CandidateId), new() { Bound = true, Follows = true }));

    /// <summary>Masked names by candidate, what else identity has to say of them, and the requests it got.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<Guid, string> Masked { get; } = new();
    public System.Collections.Concurrent.ConcurrentQueue<GetMaskedNamesRequest> MaskedAsked { get; } = new();
    public bool Away { get; set; }

    public override AsyncUnaryCall<MaskedNames> GetMaskedNamesAsync(GetMaskedNamesRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default)
    {
        MaskedAsked.Enqueue(request);
        if (Away) throw new RpcException(new(StatusCode.Unavailable, "away"));
        return Reply(new MaskedNames { Names = { request.Rows.Select(r => new MaskedName { CandidateId = r.CandidateId, Name = Masked.GetValueOrDefault(Guid.Parse(r.CandidateId), "张*"), Number = Masked.ContainsKey(Guid.Parse(r.CandidateId)) ? "" : "****0011" }) } });
    }

    /// <summary>Where a consent was asked for that nobody has taken in; everywhere else there is one.</summary>
    public string NoConsentIn { get; set; } = "none";

    public override AsyncUnaryCall<FoundConsent> FindConsentAsync(FindConsentRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        Reply(new FoundConsent { Given = request.AreaPath != NoConsentIn });

    /// <summary>What the disability register says, and what it was asked last.</summary>
    public string RegisterSays { get; set; } = "found";
    public CheckDisabilityRequest? Asked { get; private set; }

    public override AsyncUnaryCall<CheckDisabilityReply> CheckDisabilityAsync(CheckDisabilityRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        Reply(new CheckDisabilityReply { State = (Asked = request) is null ? "" : RegisterSays, Category = 1, Grade = 1 });

    internal static AsyncUnaryCall<T> Reply<T>(T answer) => Reply(Task.FromResult(answer));

    internal static AsyncUnaryCall<T> Reply<T>(Task<T> answer) => new(answer, Task.FromResult(new Metadata()), () => Grpc.Core.Status.DefaultSuccess, () => [], () => { });
}

/// <summary>Knows every upload as ready, of the kind its id says, unless told otherwise.</summary>
public sealed class FakeDocuments : DocumentAnswers.DocumentAnswersClient
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, DocumentState?> known = new();

    public Guid Upload(string kind, string state = "ready", string type = "image/jpeg", long bytes = 40_000)
    {
        var id = Guid.NewGuid();
        known[id] = new() { DocumentId = id.ToString(), Kind = kind, State = state, ContentType = state == "ready" ? type : "", Bytes = bytes };
        return id;
    }

    /// <summary>Done once, before the next answer: what happens while somebody's request is being worked on.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public override AsyncUnaryCall<GetDocumentsReply> GetDocumentsAsync(GetDocumentsRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        FakeIdentity.Reply(Answer(request));

    /// <summary>What is given to be printed; null: there is no photo that can be shown.</summary>
    public byte[]? Photo { get; set; }

    public override AsyncUnaryCall<Photo> GetPhotoAsync(GetPhotoRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        FakeIdentity.Reply(Photo is { } jpeg ? Task.FromResult(new Photo { Jpeg = Google.Protobuf.ByteString.CopyFrom(jpeg) }) : Task.FromException<Photo>(new RpcException(new(StatusCode.NotFound, "none"))));

    private async Task<GetDocumentsReply> Answer(GetDocumentsRequest request)
    {
        var meanwhile = Meanwhile;
        Meanwhile = null;
        if (meanwhile is not null) await meanwhile();
        var reply = new GetDocumentsReply();
        reply.Documents.AddRange(request.DocumentIds.Select(id => known.GetValueOrDefault(Guid.Parse(id))).OfType<DocumentState>());
        return reply;
    }
}
