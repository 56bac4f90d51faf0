using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel
{
    public class RabbitMQServerResource(string name, ParameterResource? userName, ParameterResource password)
        : ContainerResource(name), IResourceWithConnectionString
    {
        public EndpointReference PrimaryEndpoint => new(this, "tcp");

        public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

        public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

        public ParameterResource? UserNameParameter => userName;

        public ParameterResource PasswordParameter => password;

        public ReferenceExpression UserNameReference =>
            userName is null ? ReferenceExpression.Create($"guest") : ReferenceExpression.Create($"{userName}");

        public ReferenceExpression ConnectionStringExpression => UriExpression;

        public ReferenceExpression UriExpression =>
            ReferenceExpression.Create($"amqp://{UserNameReference:uri}:{PasswordParameter:uri}@{Host}:{Port}");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            new("Host", ReferenceExpression.Create($"{Host}")), new("Port", ReferenceExpression.Create($"{Port}")),
            new("Username", UserNameReference), new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
            new("Uri", UriExpression),
        ];
    }
}

namespace Aspire.Hosting
{
    public static class RabbitMQBuilderExtensions
    {
        public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
            this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null,
            IResourceBuilder<ParameterResource>? password = null, int? port = null)
        {
            var secret = password?.Resource
                ?? builder.Generated($"{name}-password", new GenerateParameterDefault { Special = false }, secret: true, persist: true);
            var server = new RabbitMQServerResource(name, userName?.Resource, secret);
            builder.Services.AddHealthChecks().AddCheck($"{name}_check", new RabbitHealthCheck(server));
            return builder.AddResource(server).WithEndpoint(port, scheme: "tcp", name: "tcp", isProxied: false)
                .WithHealthCheck($"{name}_check");
        }

        public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(
            this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) =>
            builder.WithAnnotation(new DataFolderAnnotation(name));

        public static IResourceBuilder<RabbitMQServerResource> WithDataBindMount(
            this IResourceBuilder<RabbitMQServerResource> builder, string source, bool isReadOnly = false) =>
            builder.WithAnnotation(new DataFolderAnnotation(Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory)));
    }
}
