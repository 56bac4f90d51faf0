using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ExamPlatform.Applications.Tests;

/// <summary>The application service, with identity and document played by <see cref="FakeIdentity"/> and <see cref="FakeDocuments"/>.</summary>
public class ApplicationFixture : ServiceFixture<ApplicationDb, ApplicationDb>
{
    public FakeIdentity Identity { get; } = new();
    public FakeDocuments Documents { get; } = new();

    protected override void Replace(IServiceCollection services) => Play(services);

    internal void Play(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton<IdentityAnswers.IdentityAnswersClient>(Identity));
        services.Replace(ServiceDescriptor.Singleton<DocumentAnswers.DocumentAnswersClient>(Documents));
    }

    /// <summary>A person with a filled profile.</summary>
    public async Task<Person> APerson()
    {
        var person = new Person(this);
        await person.FillProfile();
        return person;
    }
}

/// <summary>Another instance of the service over the database of the first.</summary>
public sealed class SecondReplica(ApplicationFixture first) : ServiceFixture<ApplicationDb, ApplicationDb>
{
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

    public override AsyncUnaryCall<Identities.Contracts.Person> GetPersonAsync(GetPersonRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        Reply(new Identities.Contracts.Person { CandidateId = request.CandidateId, Name = "测试考生", DocumentType = DocumentType, DocumentNumber = "110101199003070011", Sex = "male", BirthDate = "1990-03-07", Nationality = "CHN" });

    internal static AsyncUnaryCall<T> Reply<T>(T answer) => new(Task.FromResult(answer), Task.FromResult(new Metadata()), () => Grpc.Core.Status.DefaultSuccess, () => [], () => { });
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

    public override AsyncUnaryCall<GetDocumentsReply> GetDocumentsAsync(GetDocumentsRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default)
    {
        var reply = new GetDocumentsReply();
        reply.Documents.AddRange(request.DocumentIds.Select(id => known.GetValueOrDefault(Guid.Parse(id))).OfType<DocumentState>());
        return FakeIdentity.Reply(reply);
    }
}
