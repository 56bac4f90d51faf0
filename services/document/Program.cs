using ExamPlatform;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Documents;
using ExamPlatform.Documents.Features;
using ExamPlatform.Identities.Contracts;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase<DocumentDb>("documentdb");
builder.AddSeals();
builder.AddServiceMessaging<DocumentDb>("document");
builder.AddGrpcAnswers();
builder.AddGrpcPeer<IdentityAnswers.IdentityAnswersClient>("identity");
builder.AddGrpcPeer<ApplicationAnswers.ApplicationAnswersClient>("application");
builder.Services.AddOptions<DocumentOptions>().BindConfiguration(DocumentOptions.Section).ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddSingleton<IFileStore>(p => new FolderStore(p.GetRequiredService<IOptions<DocumentOptions>>().Value.StorePath, p.GetRequiredService<Seals>()));
builder.Services.AddVirusScanner();
builder.Services.AddSingleton<PhotoWorkers>();
builder.Services.AddSingleton<ReleaseSignal>().AddSingleton<FinishUpload>();
builder.Services.AddHostedService<ReleaseDocuments>();
builder.Services.AddHostedService<SweepDocuments>();

var app = builder.Build();
app.UseServiceDefaults();
app.MapUploadDocument();
app.MapResumeUpload();
app.MapListDocuments();
app.MapReadDocument();
app.MapListLooks();
app.MapOpenDocument();
app.MapDeleteDocument();
app.MapMakePhoto();
app.MapConfirmPhoto();
app.MapJoinPages();
app.MapGrpcService<AnswerDocuments>().AllowAnonymous();
app.MapMessageOperations<DocumentDb>("document");
app.MapDataKeys("document", retires: false); // files hold the number of their key themselves
await app.MigrateOrRunAsync<DocumentDb>(args);
