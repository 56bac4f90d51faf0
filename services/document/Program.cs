using ExamPlatform;
using ExamPlatform.Documents;
using ExamPlatform.Documents.Features;
using ExamPlatform.Identities.Contracts;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase<DocumentDb>("documentdb");
builder.AddServiceMessaging<DocumentDb>("document");
builder.AddGrpcAnswers();
builder.AddGrpcPeer<IdentityAnswers.IdentityAnswersClient>("identity");
builder.Services.AddOptions<DocumentOptions>().BindConfiguration(DocumentOptions.Section).ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddSingleton<IFileStore>(p => new FolderStore(p.GetRequiredService<IOptions<DocumentOptions>>().Value.StorePath));
builder.Services.AddVirusScanner();
builder.Services.AddSingleton<ReleaseSignal>();
builder.Services.AddHostedService<ReleaseDocuments>();
builder.Services.AddHostedService<SweepDocuments>();

var app = builder.Build();
app.UseServiceDefaults();
app.MapUploadDocument();
app.MapListDocuments();
app.MapReadDocument();
app.MapOpenDocument();
app.MapDeleteDocument();
app.MapGrpcService<AnswerDocuments>().AllowAnonymous();
app.MapMessageOperations<DocumentDb>("document");
await app.MigrateOrRunAsync<DocumentDb>(args);
