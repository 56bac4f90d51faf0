using ExamPlatform;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Reviews;
using ExamPlatform.Reviews.Features;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase<ReviewDb>("reviewdb");
builder.AddServiceMessaging<ReviewDb>("review");
builder.AddGrpcPeer<ApplicationAnswers.ApplicationAnswersClient>("application");

var app = builder.Build();
app.UseServiceDefaults();
var reviews = app.MapGroup("/api/reviews").RequireAuthorization(TokenNames.Officer).WithTags("review");
reviews.MapListWork();
reviews.MapCountWork();
reviews.MapLookAtWork();
reviews.MapClaimWork();
reviews.MapReleaseWork();
reviews.MapDecideWork();
reviews.MapBulkPassWork();
reviews.MapViewWorkHistory();
reviews.MapListDecisions();
reviews.MapListPassedOver();
reviews.MapRecogniseForm();
reviews.MapTickPaper();
app.MapMessageOperations<ReviewDb>("review");
await app.MigrateOrRunAsync<ReviewDb>(args);
