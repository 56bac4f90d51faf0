using ExamPlatform;
using ExamPlatform.Sandbox;
using ExamPlatform.Sandbox.Alipay;
using ExamPlatform.Sandbox.Chsi;
using ExamPlatform.Sandbox.Control;
using ExamPlatform.Sandbox.DisabilityRegister;
using ExamPlatform.Sandbox.FaceVerification;
using ExamPlatform.Sandbox.IdRegistry;
using ExamPlatform.Sandbox.Sms;
using ExamPlatform.Sandbox.UnionPay;
using ExamPlatform.Sandbox.WeChat;
using ExamPlatform.Sandbox.WeChatPay;

var builder = WebApplication.CreateBuilder(args);
builder.AddSandbox();

var app = builder.Build();
app.UseServiceDefaults();
app.UseWhen(context => context.Request.Path.StartsWithSegments("/v3"), world => world.UseMiddleware<SignedExchange>());
app.UseWhen(context => context.Request.Path.StartsWithSegments("/chsi"), world => world.Use(ReadReport.Misbehave));
app.UseWhen(context => context.Request.Path == "/" && !context.Request.Headers.ContainsKey("X-TC-Action"), world => world.UseMiddleware<Acs3Exchange>());
app.MapWhen(context => context.Request.Path == "/" && context.Request.Headers.ContainsKey("X-TC-Action"), world => world.Run(context => context.RequestServices.GetRequiredService<TencentSms>().Handle(context)));
app.UseSharedSecrets();
app.UseWhen(context => (context.Request.Path.StartsWithSegments("/cgi-bin") && !IsMessage(context)) || context.Request.Path.StartsWithSegments("/sns"), world => world.Use(CgiBin.Misbehave));
app.UseWhen(IsMessage, world => world.Use(CgiBin.MisbehaveWithMessages));
app.UseWhen(context => context.Request.Path.StartsWithSegments("/oauth"), world => world.Use(Connect.MisbehaveAsBaidu));

// The outside world knows no tokens of the platform: each channel has its own signature, and the control calls are for tests.
var open = app.MapGroup("").AllowAnonymous();
open.MapPost("/v3/pay/transactions/native", CreateOrder.Native);
open.MapPost("/v3/pay/transactions/jsapi", CreateOrder.Jsapi);
open.MapPost("/v3/pay/transactions/h5", CreateOrder.H5);
open.MapGet("/v3/pay/transactions/out-trade-no/{outTradeNo}", QueryOrder.Handle);
open.MapPost("/v3/pay/transactions/out-trade-no/{outTradeNo}/close", CloseOrder.Handle);
open.MapGet("/mweb/{key}", PhonePage.Show);
open.MapPost("/mweb/{key}", PhonePage.Pay);
open.MapPost("/v3/refund/domestic/refunds", RefundOrder.Handle);
open.MapGet("/v3/refund/domestic/refunds/{outRefundNo}", RefundOrder.Query);
open.MapGet("/v3/bill/tradebill", (HttpRequest request, Bills bills, string? bill_date, string? bill_type, string? tar_type) => bills.Tell(request, bill_date, bill_type, tar_type));
open.MapGet("/v3/billdownload/file", (Bills bills, string? token) => bills.Download(token));

open.MapGet("/v3/certificates", Certificates.Tell);

open.MapAlipay(app.Configuration);
open.MapUnionPay(app.Configuration);

open.MapMethods("/", ["GET", "POST"], SmsActions.Handle);

open.MapGet("/control/tencent-sms", (TencentSms gateway, string? phone) => gateway.To(phone));

open.MapGet("/chsi/report", ReadReport.Handle);
open.MapPost("/disability-register/check", CheckCertificate.Handle);
open.MapPost("/id-registry/check", CheckId.Handle);
open.MapPost("/face-verification/create", AskFace.Create);
open.MapPost("/face-verification/result", AskFace.Result);
open.MapGet("/face/{token}", ShowFace.Page);
open.MapPost("/face/{token}", ShowFace.Finish);

open.MapGet("/cgi-bin/token", CgiBin.Token);
open.MapPost("/cgi-bin/stable_token", CgiBin.StableToken);
open.MapPost("/cgi-bin/qrcode/create", CgiBin.CreateQrCode);
open.MapGet("/cgi-bin/showqrcode", CgiBin.ShowQrCode);
open.MapGet("/cgi-bin/user/info", CgiBin.UserInfo);
open.MapPost("/cgi-bin/message/template/send", Messages.SendTemplate);
open.MapGet("/cgi-bin/user/get", MassMessages.ListFollowers);
open.MapPost("/cgi-bin/message/mass/sendall", MassMessages.SendAll);
open.MapPost("/cgi-bin/message/mass/get", MassMessages.Get);
open.MapPost("/cgi-bin/message/subscribe/send", Messages.SendSubscribed);
open.MapGet("/connect/qrconnect", Connect.Ask);
open.MapGet("/connect/oauth2/authorize", Connect.Ask);
open.MapPost("/connect/confirm", Connect.Confirm);
open.MapGet("/q/{key}", Connect.AskScan);
open.MapPost("/q/{key}", Connect.Scan);
open.MapGet("/sns/oauth2/access_token", Connect.AccessToken);
open.MapGet("/sns/jscode2session", Connect.CodeToSession);
open.MapPost("/oauth/jscode2sessionkey", Connect.BaiduSessionKey);
open.MapGet("/oauth/2.0/token", BaiduMessages.GiveToken);
open.MapPost("/rest/2.0/smartapp/template/message/subscribe/send", BaiduMessages.Send);

open.MapPost("/control/wechat-pay/pay", PayOrder.Handle);
open.MapPost("/control/wechat-pay/resend", ResendCallback.Handle);
open.MapPost("/control/wechat-pay/forge", ForgeCallback.Handle);
open.MapPost("/control/wechat-pay/probe", ProbeSignature.Handle);
open.MapGet("/control/wechat-pay/orders", ListOrders.Handle);
open.MapPost("/control/wechat-pay/refunds", RefundFates.Set);
open.MapGet("/control/wechat-pay/refunds", RefundFates.List);
open.MapPost("/control/wechat-pay/bill", TellBill.Handle);
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
open.MapPost("/control/wechat/deeds", PlayWeChat.Handle);
open.MapGet("/control/wechat/deeds", PlayWeChat.List);
open.MapPost("/control/wechat/agreements", PlayWeChat.Agree);
open.MapPost("/control/wechat/mini-program", PlayWeChat.Open);
open.MapPost("/control/baidu/mini-program", PlayWeChat.OpenBaidu);
open.MapGet("/control/wechat/messages", Messages.List);
open.MapPost("/control/wechat/accepts", Messages.Accept);
open.MapPost("/control/baidu/accepts", BaiduMessages.Accept);
open.MapDelete("/control/wechat/tokens", PlayWeChat.ForgetTokens);
open.MapPost("/control/behaviour", SetBehaviour.Handle);
open.MapGet("/control/behaviour", SetBehaviour.List);
open.MapDelete("/control/behaviour", SetBehaviour.Clear);

app.Run();

static bool IsMessage(HttpContext context) => context.Request.Path.StartsWithSegments("/cgi-bin/message");
