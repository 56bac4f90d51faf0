using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform;

/// <summary>gRPC between the services: a port that the gateway does not know, and a key that only the platform's own processes hold.</summary>
public static class GrpcPeers
{
    private const string KeyHeader = "x-platform-key";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>Answers gRPC calls of the platform's own services. Map a service with <c>app.MapGrpcService&lt;T&gt;().AllowAnonymous()</c>: the key takes the token's place.</summary>
    public static void AddGrpcAnswers(this WebApplicationBuilder builder)
    {
        var key = Key(builder.Configuration);
        builder.Services.AddSingleton(new KeyCheck(key));
        builder.Services.AddGrpc(options => options.Interceptors.Add<KeyCheck>());
    }

    /// <summary>A client for another service's gRPC, with the platform's key and a deadline of 5 s on every call.</summary>
    public static void AddGrpcPeer<TClient>(this WebApplicationBuilder builder, string service) where TClient : ClientBase<TClient>
    {
        builder.Services.AddGrpcClient<TClient>(options => options.Address = builder.Configuration.Address(service, "grpc"))
            .AddInterceptor(() => new KeyAndDeadline(Key(builder.Configuration)));
    }

    private static string Key(IConfiguration configuration) => configuration["Platform:Key"] is { Length: >= 16 } key
        ? key : throw new InvalidOperationException("Set Platform__Key (16 characters or more): the AppHost generates it at first run.");

    private sealed class KeyCheck(string key) : Interceptor
    {
        private readonly byte[] expected = Encoding.UTF8.GetBytes(key);

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(context.RequestHeaders.GetValue(KeyHeader) ?? ""), expected)
                ? continuation(request, context)
                : throw new RpcException(new Status(StatusCode.Unauthenticated, "The platform's key is missing or wrong."));
    }

    private sealed class KeyAndDeadline(string key) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            var headers = context.Options.Headers ?? [];
            headers.Add(KeyHeader, key);
            // real time: by a shifted clock every call would have expired
            var options = context.Options.WithHeaders(headers).WithDeadline(context.Options.Deadline ?? DateTime.UtcNow + Deadline);
            return continuation(request, new(context.Method, context.Host, options));
        }
    }
}
