using ExamPlatform.Applications.Contracts;
using Grpc.Core;

namespace ExamPlatform.Reviews.Tests;

/// <summary>Plays application's gRPC answers.</summary>
public sealed class Applications : ApplicationAnswers.ApplicationAnswersClient
{
    public HashSet<string> Replaced { get; } = [];
    public HashSet<string> Unknown { get; } = [];
    public HashSet<string> Away { get; } = [];

    /// <summary>What the registers say, by application.</summary>
    public Dictionary<string, string[]> Registers { get; } = [];

    /// <summary>Forms by their code.</summary>
    public Dictionary<string, RecognisedForm> Forms { get; } = [];

    public override AsyncUnaryCall<RecognisedForm> RecogniseFormAsync(RecogniseFormRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        Call(Forms.TryGetValue(request.VerificationCode, out var form) ? Task.FromResult(form) : Task.FromException<RecognisedForm>(new RpcException(new Status(StatusCode.NotFound, ""))));

    public override AsyncUnaryCall<Submission> GetSubmissionAsync(GetSubmissionRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        Call(Answer(request));

    private static AsyncUnaryCall<T> Call<T>(Task<T> answer) => new(answer, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

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
            StageTitle = "考点审核",
            OnFail = "return",
        };
        submission.Sections.Add(new FormSection { Code = "basic", Title = "基本信息", Fields = { new FormField { Code = "name", Title = "姓名", Value = "测试考生" } } });
        submission.Documents.Add(new FormDocument { Code = "photo", Title = "照片", DocumentId = Guid.NewGuid().ToString() });
        submission.Reasons.Add(new FailureReason { Code = "photo-unclear", OfficerText = "照片不清晰", CandidateText = "请重新上传照片", Item = "photo" });
        submission.Reasons.Add(new FailureReason { Code = "other", OfficerText = "其他", CandidateText = "其他" });
        submission.Papers.Add(new Paper { Code = "commitment", Title = "考生承诺书", Copies = 1, DueAt = "2026-12-20T16:00:00Z" });
        submission.Papers.Add(new Paper { Code = "diploma", Title = "毕业证书复印件", Copies = 2, DueAt = "2026-12-20T16:00:00Z", ArrivedAt = "2026-12-01T02:00:00Z" });
        // only a stage that asks registers has their answers
        if (request.Stage.Length > 0 && Registers.TryGetValue(request.ApplicationId, out var states))
            submission.RegisterAnswers.Add(states.Select(state => new RegisterAnswer { Kind = "disabilityRegister", State = state }));
        return Task.FromResult(submission);
    }
}
