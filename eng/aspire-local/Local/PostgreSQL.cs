using Aspire.Hosting.ApplicationModel;
using ExamPlatform.AspireLocal;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel
{
    public class PostgresServerResource(string name, ParameterResource? userName, ParameterResource password)
        : ContainerResource(name), IResourceWithConnectionString
    {
        private readonly Dictionary<string, string> _databases = [];

        public EndpointReference PrimaryEndpoint => new(this, "tcp");

        public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

        public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

        public ParameterResource? UserNameParameter => userName;

        public ParameterResource PasswordParameter => password;

        public ReferenceExpression UserNameReference =>
            userName is null ? ReferenceExpression.Create($"postgres") : ReferenceExpression.Create($"{userName}");

        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"Host={Host};Port={Port};Username={UserNameReference};Password={PasswordParameter}");

        public ReferenceExpression UriExpression =>
            ReferenceExpression.Create($"postgresql://{UserNameReference:uri}:{PasswordParameter:uri}@{Host}:{Port}");

        public IReadOnlyDictionary<string, string> Databases => _databases;

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            new("Host", ReferenceExpression.Create($"{Host}")), new("Port", ReferenceExpression.Create($"{Port}")),
            new("Username", UserNameReference), new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
            new("Uri", UriExpression),
        ];

        internal void AddDatabase(string resourceName, string databaseName) => _databases.Add(resourceName, databaseName);
    }

    public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
        : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
    {
        public PostgresServerResource Parent => postgresParentResource;

        public string DatabaseName => databaseName;

        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"{Parent.ConnectionStringExpression};Database={DatabaseName}");

        public ReferenceExpression UriExpression => ReferenceExpression.Create($"{Parent.UriExpression}/{DatabaseName:uri}");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            .. ((IResourceWithConnectionString)Parent).GetConnectionProperties().Where(p => p.Key != "Uri"),
            new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")), new("Uri", UriExpression),
        ];
    }
}

namespace Aspire.Hosting
{
    public static class PostgresBuilderExtensions
    {
        public static IResourceBuilder<PostgresServerResource> AddPostgres(
            this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null,
            IResourceBuilder<ParameterResource>? password = null, int? port = null)
        {
            var secret = password?.Resource
                ?? builder.Generated($"{name}-password", new GenerateParameterDefault(), secret: true, persist: true);
            var server = new PostgresServerResource(name, userName?.Resource, secret);
            builder.Services.AddHealthChecks().AddCheck($"{name}_check", new PostgresHealthCheck(server));
            return builder.AddResource(server).WithEndpoint(port, scheme: "tcp", name: "tcp", isProxied: false)
                .WithHealthCheck($"{name}_check");
        }

        public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
            this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
        {
            var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
            builder.Resource.AddDatabase(name, database.DatabaseName);
            builder.ApplicationBuilder.Services.AddHealthChecks().AddCheck($"{name}_check", new PostgresHealthCheck(database));
            return builder.ApplicationBuilder.AddResource(database).WithHealthCheck($"{name}_check");
        }

        public static IResourceBuilder<PostgresServerResource> WithDataVolume(
            this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
            builder.WithAnnotation(new DataFolderAnnotation(name));

        public static IResourceBuilder<PostgresServerResource> WithDataBindMount(
            this IResourceBuilder<PostgresServerResource> builder, string source, bool isReadOnly = false) =>
            builder.WithAnnotation(new DataFolderAnnotation(Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory)));
    }
}
