using ExamPlatform;
using ExamPlatform.Documents.Contracts;
using ExamPlatform.Identities;
using ExamPlatform.Identities.Features;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase<IdentityDb>("identitydb");
builder.AddServiceMessaging<IdentityDb>("identity");
builder.AddGrpcAnswers();
builder.AddGrpcPeer<DocumentAnswers.DocumentAnswersClient>("document");
builder.Services.AddDisabilityRegister().AddSingleton<IValidateOptions<IdentitySettings>, IdentitySettingsValidator>().AddOptions<IdentitySettings>().BindConfiguration(IdentitySettings.Section).ValidateOnStart();
builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<IdentitySettings>>((forwarded, settings) =>
{
    forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
    foreach (var network in settings.Value.TrustedProxies) forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
});
builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<SigningKeys>((bearer, keys) => bearer.ConfigurationManager = keys);
builder.Services.AddSingleton<PersonalData>().AddSingleton<Passwords>().AddSingleton<SigningKeys>().AddScoped<Tokens>().AddScoped<LockOut>().AddScoped<CheckDisability>().AddScoped<ReplacePassword>().AddScoped<FindAccount>().AddScoped<Limits>().AddScoped<Challenges>().AddHostedService<ForgetOldSignIns>();
if (builder.Environment.IsDevelopment()) builder.Services.AddScoped<ISeed<IdentityDb>, ReadyMadePeople>();

var app = builder.Build();
app.UseForwardedHeaders();
app.UseServiceDefaults();
app.MapRegisterCandidate();
app.MapCheckRegistration();
app.MapRegisterAtCounter();
app.MapIssueSmsCode();
app.MapSignIn();
app.MapRefreshSession();
app.MapSignOut();
app.MapShowNotice();
app.MapShowMe();
app.MapKeepDisplay();
app.MapChangePassword();
app.MapChooseUserName();
app.MapSetSecurityQuestion();
app.MapRecoverAccount();
app.MapResetPassword();
app.MapSetUpSecondFactor();
app.MapAppointOfficer();
app.MapPublishKeys();
app.MapGrpcService<AnswerIdentity>().AllowAnonymous();
app.MapMessageOperations<IdentityDb>("identity");
await app.MigrateOrRunAsync<IdentityDb>(args);
