using ExamPlatform;
using ExamPlatform.Sandbox;
using ExamPlatform.Sandbox.Chsi;
using ExamPlatform.Sandbox.Control;
using ExamPlatform.Sandbox.DisabilityRegister;
using ExamPlatform.Sandbox.FaceVerification;
using ExamPlatform.Sandbox.IdRegistry;
using ExamPlatform.Sandbox.Sms;
using ExamPlatform.Sandbox.WeChatPay;

var builder = WebApplication.CreateBuilder(args);
builder.AddSandbox();

var app = builder.Build();
app.UseServiceDefaults();
app.UseWhen(context => context.Request.Path.StartsWithSegments("/v3"), world => world.UseMiddleware<SignedExchange>());
app.UseWhen(context => context.Request.Path.StartsWithSegments("/chsi"), world => world.Use(ReadReport.Misbehave));
app.UseWhen(context => context.Request.Path == "/", world => world.UseMiddleware<Acs3Exchange>());
app.UseSharedSecrets();

// The outside world knows no tokens of the platform: each channel has its own signature, and the control calls are for tests.
var open = app.MapGroup("").AllowAnonymous();
open.MapPost("/v3/pay/transactions/native", CreateNativeOrder.Handle);
open.MapGet("/v3/pay/transactions/out-trade-no/{outTradeNo}", QueryOrder.Handle);
open.MapPost("/v3/pay/transactions/out-trade-no/{outTradeNo}/close", CloseOrder.Handle);

open.MapMethods("/", ["GET", "POST"], SmsActions.Handle);

open.MapGet("/chsi/report", ReadReport.Handle);
open.MapPost("/disability-register/check", CheckCertificate.Handle);
open.MapPost("/id-registry/check", CheckId.Handle);
open.MapPost("/face-verification/create", AskFace.Create);
open.MapPost("/face-verification/result", AskFace.Result);
open.MapGet("/face/{token}", ShowFace.Page);
open.MapPost("/face/{token}", ShowFace.Finish);

open.MapPost("/control/wechat-pay/pay", PayOrder.Handle);
open.MapPost("/control/wechat-pay/resend", ResendCallback.Handle);
open.MapPost("/control/wechat-pay/forge", ForgeCallback.Handle);
open.MapPost("/control/wechat-pay/probe", ProbeSignature.Handle);
open.MapGet("/control/wechat-pay/orders", ListOrders.Handle);
open.MapGet("/control/wechat-pay/callbacks", ListCallbacks.Handle);
open.MapGet("/control/sms", ListSms.Handle);
open.MapGet("/control/sms/receipts", ListReceipts.Handle);
open.MapPost("/control/chsi/reports", RegisterReport.Handle);
open.MapPost("/control/sms/reply", ReplySms.Handle);
open.MapGet("/control/sms/replies", ReplySms.List);
open.MapPost("/control/disability-register/people", RegisterPerson.Handle);
open.MapGet("/control/disability-register/people", RegisterPerson.List);
open.MapDelete("/control/disability-register/people", RegisterPerson.Remove);
open.MapPost("/control/id-registry/people", TellId.Handle);
open.MapPost("/control/face-verification/finish", FinishFace.Handle);
open.MapPost("/control/behaviour", SetBehaviour.Handle);
open.MapGet("/control/behaviour", SetBehaviour.List);
open.MapDelete("/control/behaviour", SetBehaviour.Clear);

app.Run();
