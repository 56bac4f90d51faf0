using ExamPlatform;
using ExamPlatform.Gateways;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRoutes();
builder.AddRequestLimits();
builder.Services.AddHttpClient<LiveApiDocument>();

var app = builder.Build();
app.UseRequestLimits();
app.UseServiceDefaults();
app.UseRateLimiter();
app.MapApiDocument();
app.MapRoutes();
app.Run();
