using ExamPlatform.Sandbox;
using ExamPlatform.Sandbox.Control;
using ExamPlatform.Sandbox.Sms;
using ExamPlatform.Sandbox.WeChatPay;

var builder = WebApplication.CreateBuilder(args);
builder.AddSandbox();

var app = builder.Build();
app.UseExceptionHandler();
app.UseWhen(context => context.Request.Path.StartsWithSegments("/v3"), world => world.UseMiddleware<SignedExchange>());
app.UseWhen(context => context.Request.Path == "/", world => world.UseMiddleware<Acs3Exchange>());
app.MapHealthChecks("/alive");
app.MapHealthChecks("/health");

app.MapPost("/v3/pay/transactions/native", CreateNativeOrder.Handle);
app.MapGet("/v3/pay/transactions/out-trade-no/{outTradeNo}", QueryOrder.Handle);
app.MapPost("/v3/pay/transactions/out-trade-no/{outTradeNo}/close", CloseOrder.Handle);

app.MapMethods("/", ["GET", "POST"], SendSms.Handle);

app.MapPost("/control/wechat-pay/pay", PayOrder.Handle);
app.MapPost("/control/wechat-pay/resend", ResendCallback.Handle);
app.MapPost("/control/wechat-pay/forge", ForgeCallback.Handle);
app.MapPost("/control/wechat-pay/probe", ProbeSignature.Handle);
app.MapGet("/control/wechat-pay/orders", ListOrders.Handle);
app.MapGet("/control/wechat-pay/callbacks", ListCallbacks.Handle);
app.MapGet("/control/sms", ListSms.Handle);
app.MapGet("/control/sms/receipts", ListReceipts.Handle);
app.MapPost("/control/behaviour", SetBehaviour.Handle);
app.MapGet("/control/behaviour", SetBehaviour.List);
app.MapDelete("/control/behaviour", SetBehaviour.Clear);

app.Run();
