using ExamPlatform.AppHosts;
using Microsoft.Extensions.DependencyInjection;

var builder = DistributedApplication.CreateBuilder(args);
var data = builder.Configuration["EXAM_DATA"] ?? Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "../artifacts/data"));
var secrets = new DevelopmentSecrets(Path.Combine(data, "secrets"));

var platformKey = builder.AddParameter("platform-key", secrets.Text("platform-key"), secret: true);
var auditKey = builder.AddParameter("audit-key", secrets.Key("audit-key"), secret: true);
var masterKey = builder.AddParameter("master-key", secrets.Key("master-key"), secret: true);
var dataKey = builder.AddParameter("data-key", secrets.Key("data-key"), secret: true);
var receiptKey = builder.AddParameter("receipt-key", secrets.SigningKey("receipt-key"), secret: true);
var peoplePassword = builder.AddParameter("people-password", secrets.Password("people-password"), secret: true);
var apiV3Key = builder.AddParameter("wechat-pay-api-v3-key", secrets.Text("wechat-pay-api-v3-key"), secret: true);
var smsSecret = builder.AddParameter("sms-secret", secrets.Text("sms-secret"), secret: true);
var replyToken = builder.AddParameter("sms-reply-token", secrets.Text("sms-reply-token"), secret: true);
var tencentSecret = builder.AddParameter("tencent-sms-secret", secrets.Text("tencent-sms-secret"), secret: true);
var receiptToken = builder.AddParameter("tencent-sms-receipt-token", secrets.Text("tencent-sms-receipt-token"), secret: true);
var registerSecret = builder.AddParameter("disability-register-secret", secrets.Text("disability-register-secret"), secret: true);
var idRegistrySecret = builder.AddParameter("id-registry-secret", secrets.Text("id-registry-secret"), secret: true);
var faceSecret = builder.AddParameter("face-verification-secret", secrets.Text("face-verification-secret"), secret: true);
var weChatSecret = builder.AddParameter("wechat-secret", secrets.Text("wechat-secret"), secret: true);
var weChatKey = builder.AddParameter("wechat-encoding-key", secrets.Key("wechat-encoding-key").TrimEnd('='), secret: true);
var merchant = secrets.KeyPair("wechat-pay-merchant");
var bank = secrets.KeyPair("wechat-pay-platform");
var (alipayApplication, alipay) = (secrets.KeyPair("alipay-application"), secrets.KeyPair("alipay"));
var unionPayRoot = secrets.Certificate("unionpay-root", "Sandbox root", issues: true);
var unionPayMiddle = secrets.Certificate("unionpay-middle", "Sandbox middle", unionPayRoot, issues: true);
var unionPay = secrets.Certificate("unionpay", "041@sandbox@中国银联股份有限公司@00000001", unionPayMiddle);
var unionPayMerchant = secrets.Certificate("unionpay-merchant", "041@sandbox@700000000000001@00000002", unionPayMiddle);

var postgres = builder.AddPostgres("postgres", password: builder.AddParameter("postgres-password", secrets.Text("postgres-password"), secret: true)).WithDataVolume();
var messaging = builder.AddRabbitMQ("messaging", password: builder.AddParameter("messaging-password", secrets.Text("messaging-password"), secret: true)).WithDataVolume();

var sandbox = Served(Process<Projects.Sandbox>("sandbox"));
sandbox.WithEnvironment("Sandbox__WeChatPay__MerchantPublicKeyPath", merchant.Public).WithEnvironment("Sandbox__WeChatPay__PlatformPrivateKeyPath", bank.Private)
    .WithEnvironment("Sandbox__AliyunSms__AccessKeyId", "sandbox").WithEnvironment("Sandbox__AliyunSms__AccessKeySecret", smsSecret)
    .WithEnvironment("Sandbox__DisabilityRegister__Secret", registerSecret).WithEnvironment("Sandbox__IdRegistry__Secret", idRegistrySecret).WithEnvironment("Sandbox__FaceVerification__Secret", faceSecret);
KnowTheMerchant(sandbox, "Sandbox");
sandbox.WithEnvironment("Sandbox__Alipay__MerchantPublicKeyPath", alipayApplication.Public).WithEnvironment("Sandbox__Alipay__PrivateKeyPath", alipay.Private)
    .WithEnvironment("Sandbox__UnionPay__MerchantCertificatePath", unionPayMerchant.Certificate).WithEnvironment("Sandbox__UnionPay__CertificatePath", unionPay.Certificate).WithEnvironment("Sandbox__UnionPay__PrivateKeyPath", unionPay.Key);
KnowTheApplications(sandbox, "Sandbox__WeChat");
sandbox.WithEnvironment("Sandbox__WeChat__BaiduClientId", "sandbox").WithEnvironment("Sandbox__WeChat__BaiduSecret", weChatSecret);

List<IResourceBuilder<ProjectResource>> migrations = [], services = [];
var identity = Service<Projects.Identity>("identity", grpc: true,
    each => each.WithEnvironment("Identity__DataKey", dataKey).WithEnvironment("Identity__ReadyMadePassword", peoplePassword)); // the migration step makes the ready-made people
var document = Service<Projects.Document>("document", grpc: true).WithEnvironment("Document__StorePath", Path.Combine(data, "documents"));
// Where it is not installed it ends at once and stands red on the dashboard; the service then knows no scanner, and every upload says so.
var scanner = builder.AddExecutable("clamd", "bash", "..", "eng/clamd.sh", Path.Combine(data, "clamd")).WithEndpoint(name: "tcp", env: "CLAMD_PORT");
if (File.Exists("/usr/sbin/clamd")) document.WithEnvironment("Document__Clamd", ReferenceExpression.Create($"{scanner.GetEndpoint("tcp").Property(EndpointProperty.HostAndPort)}"));
var application = Service<Projects.Application>("application", grpc: true, each => each.WithEnvironment("Application__Receipts__Key", receiptKey).WithEnvironment("Application__Retention__Until", "01:00")).WithReference(identity).WithReference(document);
var review = Service<Projects.Review>("review").WithReference(identity).WithReference(application);
var payment = Service<Projects.Payment>("payment").WithReference(identity).WithReference(application);
var notification = Service<Projects.Notification>("notification").WithReference(identity).WithReference(application).WithReference(document);
var gateway = Served(Process<Projects.Gateway>("gateway")).WithExternalHttpEndpoints().WithReference(identity).WithReference(application).WithReference(document)
    .WithReference(review).WithReference(payment).WithReference(notification)
    .WithEnvironment("Gateway__ForwardedHeaders__ForwardedHeaders", "XForwardedFor"); // believed from this machine only: front ends and the orchestrator's own proxy stand before it

var web = Served(Process<Projects.Web>("web")).WithExternalHttpEndpoints().WithReference(gateway).WithEnvironment("Web__KeysPath", Path.Combine(data, "web-keys"));

document.WithReference(application).WithReference(identity);
application.WithReference(gateway).WithEnvironment("Application__Chsi__BaseAddress", sandbox.GetEndpoint("http")); // it looks in from outside, to know when the platform was down
identity.WithReference(document).WithReference(application).WithEnvironment("Identity__DisabilityRegister__BaseAddress", sandbox.GetEndpoint("http"))
    .WithEnvironment("Identity__DisabilityRegister__Secret", registerSecret)
    .WithEnvironment("Identity__Passkeys__Domain", "localhost").WithEnvironment("Identity__Passkeys__Origins__0", web.GetEndpoint("http"))
    .WithEnvironment("Identity__IdRegistry__BaseAddress", sandbox.GetEndpoint("http")).WithEnvironment("Identity__IdRegistry__Secret", idRegistrySecret)
    .WithEnvironment("Identity__FaceVerification__BaseAddress", sandbox.GetEndpoint("http")).WithEnvironment("Identity__FaceVerification__Secret", faceSecret)
    .WithEnvironment("Identity__FaceVerification__ReturnAddress", ReferenceExpression.Create($"{web.GetEndpoint("http")}/recover/face"));
KnowTheApplications(identity, "Identity__WeChat");
identity.WithEnvironment("Identity__WeChat__ApiAddress", sandbox.GetEndpoint("http")).WithEnvironment("Identity__WeChat__OpenAddress", sandbox.GetEndpoint("http"))
    .WithEnvironment("Identity__WeChat__WebAddress", web.GetEndpoint("http")).WithEnvironment("Identity__WeChat__AccountName", "中国卫生人才网")
    .WithEnvironment("Identity__Baidu__Address", sandbox.GetEndpoint("http")).WithEnvironment("Identity__Baidu__ClientId", "sandbox").WithEnvironment("Identity__Baidu__Secret", weChatSecret);
sandbox.WithEnvironment("Sandbox__WeChat__RedirectAddress", web.GetEndpoint("http"))
    .WithEnvironment("Sandbox__WeChat__CallbackUrl", ReferenceExpression.Create($"{gateway.GetEndpoint("http")}/callbacks/wechat"));
sandbox.WithEnvironment("Sandbox__AliyunSms__ReplyUrl", ReferenceExpression.Create($"{gateway.GetEndpoint("http")}/callbacks/aliyun-sms-replies/{replyToken}"));
sandbox.WithEnvironment("Sandbox__AliyunSms__ReceiptUrl", ReferenceExpression.Create($"{gateway.GetEndpoint("http")}/callbacks/aliyun-sms-receipts/{replyToken}"))
    .WithEnvironment("Sandbox__TencentSms__SecretId", "sandbox").WithEnvironment("Sandbox__TencentSms__SecretKey", tencentSecret)
    .WithEnvironment("Sandbox__TencentSms__ReceiptUrl", ReferenceExpression.Create($"{gateway.GetEndpoint("http")}/callbacks/tencent-sms-receipts/{receiptToken}"));
KnowTheMerchant(payment, "Payment");
payment.WithEnvironment("Payment__WeChatPay__AccountAppId", "wx0000000000000002").WithEnvironment("Payment__WeChatPay__MiniProgramAppId", "wx0000000000000004").WithEnvironment("Payment__WeChatPay__H5", "true")
    .WithEnvironment("Payment__WeChatPay__BaseAddress", sandbox.GetEndpoint("http"))
    .WithEnvironment("Payment__WeChatPay__NotifyUrl", ReferenceExpression.Create($"{gateway.GetEndpoint("http")}/callbacks/wechat-pay"))
    .WithEnvironment("Payment__WeChatPay__MerchantPrivateKeyPath", merchant.Private).WithEnvironment("Payment__WeChatPay__PlatformPublicKeyPath", bank.Public);
payment.WithEnvironment("Payment__Alipay__PrivateKeyPath", alipayApplication.Private).WithEnvironment("Payment__Alipay__AlipayPublicKeyPath", alipay.Public)
    .WithEnvironment("Payment__Alipay__Gateway", ReferenceExpression.Create($"{sandbox.GetEndpoint("http")}/alipay/gateway.do"))
    .WithEnvironment("Payment__UnionPay__CertificatePath", unionPayMerchant.Certificate).WithEnvironment("Payment__UnionPay__PrivateKeyPath", unionPayMerchant.Key)
    .WithEnvironment("Payment__UnionPay__RootCertificatePath", unionPayRoot.Certificate).WithEnvironment("Payment__UnionPay__MiddleCertificatePath", unionPayMiddle.Certificate)
    .WithEnvironment("Payment__UnionPay__SignerName", "中国银联股份有限公司")
    .WithEnvironment("Payment__UnionPay__Gateway", ReferenceExpression.Create($"{sandbox.GetEndpoint("http")}/unionpay/gateway/api"))
    .WithEnvironment("Payment__UnionPay__FileAddress", ReferenceExpression.Create($"{sandbox.GetEndpoint("http")}/unionpay/files"));
web.WithEnvironment("Web__BankOrigins__0", sandbox.GetEndpoint("http")); // UnionPay takes a form
foreach (var name in (string[])["Alipay", "UnionPay"])
    payment.WithEnvironment($"Payment__{name}__NotifyUrl", ReferenceExpression.Create($"{gateway.GetEndpoint("http")}/callbacks/{name.ToLowerInvariant()}"))
        .WithEnvironment($"Payment__{name}__ReturnUrl", ReferenceExpression.Create($"{web.GetEndpoint("http")}/payments/returned"));
notification.WithEnvironment("Notification__AliyunSms__BaseAddress", sandbox.GetEndpoint("http"))
    .WithEnvironment("Notification__AliyunSms__AccessKeyId", "sandbox").WithEnvironment("Notification__AliyunSms__AccessKeySecret", smsSecret)
    .WithEnvironment("Notification__AliyunSms__ReplyToken", replyToken)
    .WithEnvironment("Notification__TencentSms__BaseAddress", sandbox.GetEndpoint("http")).WithEnvironment("Notification__TencentSms__SecretId", "sandbox").WithEnvironment("Notification__TencentSms__SecretKey", tencentSecret)
    .WithEnvironment("Notification__TencentSms__SdkAppId", "1400000001").WithEnvironment("Notification__TencentSms__ReceiptToken", receiptToken)
    .WithEnvironment("Notification__WeChat__BaseAddress", sandbox.GetEndpoint("http")).WithEnvironment("Notification__WeChat__WebAddress", web.GetEndpoint("http"))
    .WithEnvironment("Notification__WeChat__Account__AppId", "wx0000000000000002").WithEnvironment("Notification__WeChat__Account__Secret", weChatSecret)
    .WithEnvironment("Notification__WeChat__MiniProgram__AppId", "wx0000000000000004").WithEnvironment("Notification__WeChat__MiniProgram__Secret", weChatSecret)
    .WithEnvironment("Notification__Baidu__BaseAddress", sandbox.GetEndpoint("http")).WithEnvironment("Notification__Baidu__ClientId", "sandbox").WithEnvironment("Notification__Baidu__Secret", weChatSecret);

// A message sent before its listener's queue exists would be lost: no service starts before all migration steps are done.
foreach (var service in services)
    foreach (var migration in migrations) service.WaitForCompletion(migration);

if (builder.Configuration["EXAM_RUN_FILE"] is { } runFile)
    builder.Services.AddHostedService(provider => new RunFile(runFile, secrets.Password("people-password"), provider));

builder.Build().Run();

// A service has its own database and queues, brought up to date as a step of its own.
IResourceBuilder<ProjectResource> Service<TProject>(string name, bool grpc = false, Action<IResourceBuilder<ProjectResource>>? settings = null) where TProject : IProjectMetadata, new()
{
    var database = postgres.AddDatabase($"{name}db");
    var migration = Process<TProject>($"{name}-migration").WithArgs("migrate").WithReference(database).WaitFor(database).WithParentRelationship(database)
        .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", ""); // its console tells all; flushing exporters at its end would hold up the services
    var service = Served(Process<TProject>(name)).WithReference(database);
    migrations.Add(migration);
    services.Add(service);
    foreach (var each in (IResourceBuilder<ProjectResource>[])[migration, service])
    {
        each.WithReference(messaging).WithEnvironment("Platform__Key", platformKey).WithEnvironment("Audit__Key", auditKey)
            .WithEnvironment("Sealing__Master", "first").WithEnvironment("Sealing__Masters__first", masterKey);
        settings?.Invoke(each);
    }
    return grpc ? service.WithHttpEndpoint(name: "grpc", env: "GRPC_PORT") : service;
}

// Eight processes share one development machine: small heaps, no profiling of code that runs once, and nothing compiled a second time while all of them start.
IResourceBuilder<ProjectResource> Process<TProject>(string name) where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name)
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName).WithEnvironment("EXAM_CLOCK_FILE", Path.Combine(data, "clock"))
    .WithEnvironment("DOTNET_gcServer", "0").WithEnvironment("DOTNET_GCConserveMemory", "5").WithEnvironment("DOTNET_TieredPGO", "0")
    .WithEnvironment("DOTNET_TC_CallCountingDelayMs", "1000");

static IResourceBuilder<ProjectResource> Served(IResourceBuilder<ProjectResource> process) => process.WithHttpEndpoint().WithHttpHealthCheck("/health");

void KnowTheMerchant(IResourceBuilder<ProjectResource> process, string section) => process
    .WithEnvironment($"{section}__WeChatPay__MerchantId", "1900000001").WithEnvironment($"{section}__WeChatPay__AppId", "wx0000000000000001")
    .WithEnvironment($"{section}__WeChatPay__MerchantSerial", "5157F09EFDC096DE15EBE81A47057A7200000001")
    .WithEnvironment($"{section}__WeChatPay__PlatformKeyId", "PUB_KEY_ID_0000000000000001").WithEnvironment($"{section}__WeChatPay__ApiV3Key", apiV3Key)
    .WithEnvironment($"{section}__Alipay__AppId", "2021000000000001").WithEnvironment($"{section}__Alipay__SellerId", "2088000000000001").WithEnvironment($"{section}__UnionPay__MerchantId", "700000000000001");

void KnowTheApplications(IResourceBuilder<ProjectResource> process, string section)
{
    foreach (var (application, id) in (ReadOnlySpan<(string, string)>)[("Account", "wx0000000000000002"), ("Website", "wx0000000000000003"), ("MiniProgram", "wx0000000000000004")])
        process.WithEnvironment($"{section}__{application}AppId", id).WithEnvironment($"{section}__{application}Secret", weChatSecret);
    process.WithEnvironment($"{section}__Token", weChatSecret).WithEnvironment($"{section}__EncodingAesKey", weChatKey);
}
