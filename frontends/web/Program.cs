using System.Text.Encodings.Web;
using System.Text.Unicode;
using ExamPlatform;
using ExamPlatform.Web.Gateways;
using ExamPlatform.Web.Layout;
using ExamPlatform.Web.Pages;
using ExamPlatform.Web.Pages.Candidate;
using ExamPlatform.Web.Sessions;

var builder = WebApplication.CreateBuilder(args);
builder.AddProcessDefaults();
builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false"; // the development machine's reloading sends every asset at its full length
builder.AddSessions();
builder.AddPayWays();
builder.Services.AddHttpContextAccessor();
builder.Services.AddScoped<ExamTitles>().AddScoped<Contents>();
builder.Services.AddHttpClient<Gateway>(client => (client.BaseAddress, client.Timeout) = (builder.Configuration.Address("gateway"), TimeSpan.FromSeconds(20)));
builder.Services.AddRazorComponents();
builder.Services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)); // Chinese as it is, not a reference of eight bytes for each character
builder.Services.AddResponseCompression(options => options.EnableForHttps = true);
builder.Services.AddExceptionHandler<Rescue>();

var app = builder.Build();
app.UseSpanNames();
app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
app.UseExceptionHandler("/error", createScopeForErrors: true);
app.UseSecurityHeaders();
app.UseResponseCompression();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.Use(Rescue.FreshToken);
app.MapHealth();
app.MapStaticAssets().AllowAnonymous();
app.MapContent();
app.MapRazorComponents<App>();
app.Run();
