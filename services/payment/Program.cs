using ExamPlatform;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Payments;
using ExamPlatform.Payments.Channels;
using ExamPlatform.Payments.Channels.Alipay;
using ExamPlatform.Payments.Channels.UnionPay;
using ExamPlatform.Payments.Channels.WeChatPay;
using ExamPlatform.Payments.Features;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase<PaymentDb>("paymentdb");
builder.AddServiceMessaging<PaymentDb>("payment");
builder.AddGrpcPeer<ApplicationAnswers.ApplicationAnswersClient>("application");
builder.AddWeChatPay();
builder.AddAlipay();
builder.AddUnionPay();
builder.Services.AddSingleton<IChannel, PracticeChannel>();
builder.Services.AddScoped<Bank>().AddScoped<Ordering>().AddScoped<CallbackJudge>().AddScoped<SettleFee>();
builder.Services.AddHostedService<KeepWatch>();

var app = builder.Build();
app.UseServiceDefaults();
app.MapShowFees();
app.MapOrderPayment();
app.MapReceiveCallback();
app.MapMessageOperations<PaymentDb>("payment");
await app.MigrateOrRunAsync<PaymentDb>(args);
