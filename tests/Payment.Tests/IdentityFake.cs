using System.Collections.Concurrent;
using System.Net;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Sandbox.WeChat;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Payments.Tests;

/// <summary>The identity service's answers: who people are, and under which open ids.</summary>
public sealed class IdentityFake : IdentityAnswers.IdentityAnswersClient
{
    public const string DocumentNumber = "110101199003070011";

    private readonly ConcurrentDictionary<(string Candidate, string Application), string> openIds = new();

    public ConcurrentDictionary<string, string> Names { get; } = new();

    /// <summary>Candidates about whom it gives no answer now.</summary>
    public ConcurrentDictionary<string, bool> Unanswered { get; } = new();

    public override AsyncUnaryCall<Person> GetPersonAsync(GetPersonRequest request, CallOptions options)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new(Task.FromResult(new Person { CandidateId = request.CandidateId, Name = Names.GetValueOrDefault(request.CandidateId, "张三"), DocumentNumber = DocumentNumber }), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override AsyncUnaryCall<Person> GetPersonAsync(GetPersonRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        GetPersonAsync(request, new CallOptions(headers, deadline, cancellationToken));

    /// <summary>The candidate's WeChat is bound, and known at an application of the sandbox.</summary>
    public string Bind(Guid candidate, string appId, SandboxBank bank)
    {
        ArgumentNullException.ThrowIfNull(bank);
        var application = appId == "test-AccountAppId" ? "account" : "miniProgram";
        return openIds[(candidate.ToString(), application)] = bank.Services.GetRequiredService<WeChatWorld>().OpenIdOf(appId, candidate.ToString());
    }

    public override AsyncUnaryCall<OpenId> GetOpenIdAsync(GetOpenIdRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Unanswered.ContainsKey(request.CandidateId)) return new(Task.FromException<OpenId>(new RpcException(new(StatusCode.Unavailable, "away"))), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        return new(Task.FromResult(new OpenId { OpenId_ = openIds.GetValueOrDefault((request.CandidateId, request.Application), "") }), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }
}

/// <summary>The in-memory server has no addresses: requests come from a gateway on this machine.</summary>
internal sealed class FromThisMachine : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Loopback;
            return following(context);
        });
        next(app);
    };
}
