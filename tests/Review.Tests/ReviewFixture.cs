using System.Net.Http.Json;
using ExamPlatform.Applications.Contracts;
using ExamPlatform.Testing;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ExamPlatform.Reviews.Tests;

/// <summary>The review service with an application service that knows every submission.</summary>
public sealed class ReviewFixture : ServiceFixture<Work, ReviewDb>
{
    public const string Beijing = "110000/";
    public const string BeijingSite = "110000/110100/";

    public Applications Application { get; } = new();

    protected override void Replace(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<ApplicationAnswers.ApplicationAnswersClient>(Application));

    public static StageOpened Stage(Guid application, int version = 1, string stage = "site-review", string level = "site", string areaPath = BeijingSite, string kind = "review", string programme = "HP") =>
        new(application, Guid.NewGuid(), version, programme, 1, "2027", stage, kind, level, areaPath, new DateTimeOffset(2027, 1, 25, 16, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 22, 1, 0, 0, TimeSpan.Zero));

    public async Task<Work> AnOpenWork(string level = "site", string areaPath = BeijingSite, string kind = "review", string stage = "site-review", string programme = "HP")
    {
        var application = Guid.NewGuid();
        await Deliver(Stage(application, level: level, areaPath: areaPath, kind: kind, stage: stage, programme: programme));
        return (await WorkOf(application)).Single();
    }

    /// <summary>Work that an officer holds, with that officer's client.</summary>
    public async Task<(Work Work, HttpClient Holder, Guid Officer)> AClaimedWork(string kind = "review")
    {
        var (work, officer) = (await AnOpenWork(kind: kind), Guid.NewGuid());
        var holder = Officer("site", BeijingSite, officer);
        (await holder.PostAsync($"/api/reviews/work/{work.Id}/claim", null)).EnsureSuccessStatusCode();
        return (work, holder, officer);
    }

    public Task<List<Work>> WorkOf(Guid application) => Query(db => db.Work.AsNoTracking().Include(w => w.History).Where(w => w.ApplicationId == application).OrderBy(w => w.Version).ToListAsync());

    public static Task<HttpResponseMessage> Decide(HttpClient officer, Guid work, object body) => officer.PostAsJsonAsync($"/api/reviews/work/{work}/decision", body);
}

/// <summary>Plays application's gRPC answers.</summary>
public sealed class Applications : ApplicationAnswers.ApplicationAnswersClient
{
    public HashSet<string> Replaced { get; } = [];
    public HashSet<string> Unknown { get; } = [];
    public HashSet<string> Away { get; } = [];

    public override AsyncUnaryCall<Submission> GetSubmissionAsync(GetSubmissionRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        new(Answer(request), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

    private Task<Submission> Answer(GetSubmissionRequest request)
    {
        if (Unknown.Contains(request.ApplicationId)) return Task.FromException<Submission>(new RpcException(new Status(StatusCode.NotFound, "")));
        if (Away.Contains(request.ApplicationId)) return Task.FromException<Submission>(new RpcException(new Status(StatusCode.Unavailable, "connection refused")));
        var submission = new Submission
        {
            ApplicationId = request.ApplicationId,
            Version = request.Version,
            ProgrammeTitle = "卫生专业技术资格考试",
            SessionTitle = "2027 年度",
            AreaTitle = "北京市",
            VerificationCode = "8F3K-22QM",
            SubmittedAt = "2026-11-22T01:00:00Z",
            Current = !Replaced.Contains(request.ApplicationId),
        };
        submission.Sections.Add(new FormSection { Code = "basic", Title = "基本信息", Fields = { new FormField { Code = "name", Title = "姓名", Value = "测试考生" } } });
        submission.Documents.Add(new FormDocument { Code = "photo", Title = "照片", DocumentId = Guid.NewGuid().ToString() });
        submission.Reasons.Add(new FailureReason { Code = "photo-unclear", OfficerText = "照片不清晰", CandidateText = "请重新上传照片", Item = "photo" });
        submission.Reasons.Add(new FailureReason { Code = "other", OfficerText = "其他", CandidateText = "其他" });
        return Task.FromResult(submission);
    }
}
