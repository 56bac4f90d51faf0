using ExamPlatform;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using ExamPlatform.Notifications;
using ExamPlatform.Notifications.Features;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddSingleton<DeliverySignal>();
builder.AddServiceDatabase<NotificationDb>("notificationdb");
builder.AddServiceMessaging<NotificationDb>("notification");
builder.AddGrpcPeer<ApplicationAnswers.ApplicationAnswersClient>("application");
builder.AddGrpcPeer<IdentityAnswers.IdentityAnswersClient>("identity");
builder.Services.AddSingleton(_ => NoticeTemplates.Load(Path.Combine(AppContext.BaseDirectory, "templates")));
builder.Services.AddOptions<NotificationOptions>().BindConfiguration(NotificationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddOptions<AliyunSmsOptions>().BindConfiguration(AliyunSmsOptions.Section).ValidateOnStart();
builder.Services.AddSingleton<IValidateOptions<AliyunSmsOptions>, AliyunSmsOptionsValidator>();
builder.Services.AddHttpClient<ISmsGateway, AliyunSmsGateway>(AliyunSmsGateway.Configure);
builder.Services.AddScoped<Wording>().AddScoped<DeliverNotice>().AddSingleton<ReplySeal>();
builder.Services.AddHostedService<SendDeliveries>().AddHostedService<TakeReplies>();

var app = builder.Build();
app.UseServiceDefaults();
app.MapListNotices();
app.MapReadNotice();
app.MapReceiveReplies();
app.MapMessageOperations<NotificationDb>("notification");
await app.MigrateOrRunAsync<NotificationDb>(args);
