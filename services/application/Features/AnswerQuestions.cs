using System.Globalization;
using Answers = ExamPlatform.Applications.Contracts;
using ExamPlatform.Identities.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ExamPlatform.Applications.Features;

/// <summary>What other services ask about applications. The person's name and document number are fetched from identity for each look, never kept.</summary>
public sealed class AnswerQuestions(ApplicationDb db, Programmes programmes, IdentityAnswers.IdentityAnswersClient identity, TimeProvider clock, IOptions<BeatOptions> beat) : Answers.ApplicationAnswers.ApplicationAnswersBase
{
    private const int AudiencePage = 500;

    public override async Task<Answers.Submission> GetSubmission(Answers.GetSubmissionRequest request, ServerCallContext context)
    {
        var id = Id(request.ApplicationId);
        var application = await db.Applications.AsNoTracking().Include(a => a.Submissions.Where(s => s.Number == request.Version)).SingleOrDefaultAsync(a => a.Id == id, context.CancellationToken);
        if (application?.Submissions is not [var sent]) throw NotFound();
        var programme = await programmes.Of(application, context.CancellationToken);
        var person = await identity.GetPersonAsync(new() { CandidateId = application.CandidateId.ToString() }, cancellationToken: context.CancellationToken);
        var answer = new Answers.Submission
        {
            ApplicationId = application.Id.ToString(),
            CandidateId = application.CandidateId.ToString(),
            Version = sent.Number,
            ProgrammeTitle = programme.Title,
            SessionTitle = programme.Session(application.SessionCode)!.Title,
            AreaTitle = AreaTree.Title(sent.AreaCode, sent.SiteCode),
            VerificationCode = sent.VerificationCode,
            SubmittedAt = Rfc3339(sent.SubmittedAt),
            Current = application.IsCurrent(sent.Number),
            Sections = { ForOfficers(person), ViewSubmission.Sections(sent, programme).Select(Section) },
            Documents = { programme.Documents.Where(d => sent.Documents.ContainsKey(d.Code)).Select(d => new Answers.FormDocument { Code = d.Code, Title = d.Title, DocumentId = sent.Documents[d.Code].ToString() }) },
            Reasons = { programme.Stages.Where(s => s.Code == request.Stage).SelectMany(s => s.Reasons.Select(r => new Answers.FailureReason { Code = r.Code, OfficerText = r.Officer, CandidateText = r.Candidate, Item = r.Item, Final = r.Final || s.OnFail is RejectForGood })) },
        };
        if (programme.Stages.FirstOrDefault(s => s.Code == request.Stage) is { } stage) (answer.StageTitle, answer.OnFail) = (stage.Title, Consequence(stage.OnFail));
        foreach (var check in programme.Stages.Where(s => s.Code == request.Stage).SelectMany(s => s.Checks ?? [])) answer.RegisterAnswers.Add(await AskRegister(check, sent, person, programme, application, context.CancellationToken));
        var filling = sent.Filling(programme, application);
        answer.Papers.AddRange(filling.PapersAsked.Select(p => new Answers.Paper
        {
            Code = p.Code,
            Title = p.Title,
            Copies = p.Copies,
            DueAt = Rfc3339(programme.Session(application.SessionCode)!.Window(sent.AreaCode, p.Window).Until),
            ArrivedAt = application.Arrived(p.Code) is { } arrived ? Rfc3339(arrived) : "",
        }));
        if (sent.PhotoId is { } photo) answer.Documents.Insert(0, new Answers.FormDocument { Code = "photo", Title = StatusWords.Of("photo"), DocumentId = photo.ToString() });
        return answer;
    }

    public override async Task<Answers.RecognisedForm> RecogniseForm(Answers.RecogniseFormRequest request, ServerCallContext context)
    {
        var code = VerificationCode.Read(request.VerificationCode);
        var printed = await db.Submissions.AsNoTracking().SingleOrDefaultAsync(s => s.VerificationCode == code, context.CancellationToken) ?? throw NotFound();
        var application = await db.Applications.AsNoTracking().SingleAsync(a => a.Id == printed.ApplicationId, context.CancellationToken);
        var latest = await db.Submissions.AsNoTracking().SingleAsync(s => s.ApplicationId == application.Id && s.Number == application.Submitted, context.CancellationToken);
        var programme = await programmes.Of(application, context.CancellationToken);
        return new()
        {
            ApplicationId = application.Id.ToString(),
            Version = printed.Number,
            CurrentVersion = latest.Number,
            Current = application.IsCurrent(latest.Number),
            AreaPath = application.AreaPath,
            Changes = { printed.ChangesTo(latest, programme).Select(c => new Answers.Change { Title = c.Title, Then = c.Then, Now = c.Now }) },
        };
    }

    public override async Task<Answers.Fee> GetFee(Answers.GetFeeRequest request, ServerCallContext context)
    {
        var (id, feeId) = (Id(request.ApplicationId), Id(request.FeeId));
        var application = await db.Applications.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.FeeId == feeId, context.CancellationToken) ?? throw NotFound();
        if (application.Standing is not Standing.AwaitingPayment) throw new RpcException(new(StatusCode.FailedPrecondition, $"The application is {application.Standing}."));
        if (application.FeeDueAt <= clock.GetUtcNow())
        {
            // whoever asks now is about to close it
            if (!await db.IsAlive(beat.Value.LeastGap, context.CancellationToken)) throw new RpcException(new(StatusCode.Unavailable, "The platform is down for candidates; whether that moves the fee's time is known when it is over."));
            await programmes.Look(context.CancellationToken);
        }
        var programme = await programmes.Of(application, context.CancellationToken);
        var session = programme.Session(application.SessionCode)!;
        var payment = programme.PolicyOf(session, application.HandledIn)!.Payment!;
        return new()
        {
            AmountInFen = application.FeeInFen!.Value,
            Description = Bounded($"{programme.Title} {session.Title}"),
            DueAt = Rfc3339(application.FeeDueAt!.Value),
            Channels = { payment.ChannelsOf(application.Trial) },
            ComputerOnly = !payment.Mobile,
            Lines = { payment.Fee.Parts(programme, programme.SubjectsFor(application.Sent!.Answers)).Select(p => new Answers.FeeLine { Title = p.Title, AmountInFen = p.AmountInFen }) },
        };
    }

    public override async Task<Answers.NoticeFacts> GetNoticeFacts(Answers.GetNoticeFactsRequest request, ServerCallContext context)
    {
        var id = Id(request.ApplicationId);
        var application = await db.Applications.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, context.CancellationToken) ?? throw NotFound();
        var programme = await programmes.Of(application, context.CancellationToken);
        var stage = programme.Stages.FirstOrDefault(s => s.Code == request.Stage);
        return new()
        {
            ProgrammeTitle = programme.Title,
            SessionTitle = programme.Session(application.SessionCode)!.Title,
            StageTitle = stage?.Title ?? "",
            AreaTitle = application.Sent is { } sent ? AreaTree.Title(sent.Area, sent.Site) : application is { AreaCode: { } area, SiteCode: { } site } ? AreaTree.Title(area, site) : "",
            ReasonTexts = { request.ReasonCodes.Select(code => stage?.Reasons.FirstOrDefault(r => r.Code == code)?.Candidate ?? code) },
            Trial = application.Trial,
        };
    }

    public override async Task<Answers.HeldApplications> ListHolds(Answers.ListHoldsRequest request, ServerCallContext context)
    {
        if (request.CandidateIds.Count > 100) throw new RpcException(new(StatusCode.InvalidArgument, "At most 100 candidates."));
        List<Guid> candidates = [.. request.CandidateIds.Select(Id)];
        var answer = new Answers.HeldApplications();
        foreach (var application in await db.Applications.AsNoTracking().Where(a => candidates.Contains(a.CandidateId) && a.Submitted > 0 && !a.Trial && a.ClearedAt == null).ToListAsync(context.CancellationToken))
        {
            var programme = await programmes.Of(application, context.CancellationToken);
            answer.Holds.Add(new Answers.Hold
            {
                CandidateId = application.CandidateId.ToString(),
                ApplicationId = application.Id.ToString(),
                ProgrammeTitle = programme.Title,
                SessionTitle = programme.Session(application.SessionCode)!.Title,
                Until = application.KeptUntil(programme) is { } until ? Rfc3339(until) : "",
                UnderWay = application.IsUnderWay,
            });
        }
        return answer;
    }

    public override async Task<Answers.Audience> ListAudience(Answers.ListAudienceRequest request, ServerCallContext context)
    {
        var found = await db.Audience(request.ProgrammeCode, request.SessionCode, request.States, request.AreaPath, request.After.Length > 0 ? Id(request.After) : null)
            .Take(AudiencePage + 1).ToListAsync(context.CancellationToken);
        return new()
        {
            Members = { found.Take(AudiencePage).Select(a => new Answers.AudienceMember { CandidateId = a.CandidateId.ToString(), ApplicationId = a.Id.ToString() }) },
            Next = found.Count > AudiencePage ? found[AudiencePage - 1].Id.ToString() : "",
        };
    }

    public override async Task<Answers.AskedPhoto> GetPhotoRule(Answers.GetPhotoRuleRequest request, ServerCallContext context)
    {
        var (id, candidate) = (Id(request.ApplicationId), Id(request.CandidateId));
        var application = await db.Applications.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.CandidateId == candidate, context.CancellationToken) ?? throw NotFound();
        var rule = (await programmes.Of(application, context.CancellationToken)).Photo;
        return new()
        {
            MinBytes = rule.MinBytes,
            MaxBytes = rule.MaxBytes,
            Width = rule.Pixels?.Width ?? 0,
            Height = rule.Pixels?.Height ?? 0,
            Ground = rule.Ground.ToString().ToLowerInvariant(),
            SetGround = rule.SetGround,
        };
    }

    /// <summary>Asked anew for every look: what a register says may change, and a register that is away says nothing about the person.</summary>
    private async Task<Answers.RegisterAnswer> AskRegister(RegisterCheck check, Submission sent, Person person, ExamProgramme programme, Application application, CancellationToken ct)
    {
        var register = (DisabilityRegisterCheck)check;
        var certificate = sent.Answers.GetValueOrDefault(register.Field, "");
        // the register is outside: for a practice the platform answers by the number that the certificate bears
        if (application.Trial) return new() { Kind = "disabilityRegister", State = certificate.StartsWith(person.DocumentNumber, StringComparison.Ordinal) ? "found" : "otherPerson" };
        var request = new CheckDisabilityRequest { CandidateId = application.CandidateId.ToString(), Certificate = certificate, AreaPath = application.AreaPath };
        request.AcceptedCategories.AddRange(((DisabilityCertificateField)programme.Field(register.Field)!).Categories);
        var said = await identity.CheckDisabilityAsync(request, cancellationToken: ct);
        return new() { Kind = "disabilityRegister", State = said.State, Source = said.Source };
    }

    private static string Consequence(FailureRule rule) => rule switch { ReleaseThenReturn => "release", ReturnToCandidate => "return", _ => "reject" };

    /// <summary>Beside the person stands what the national registry says of them; on the printed form it does not.</summary>
    private static Answers.FormSection ForOfficers(Person person)
    {
        var section = PersonSection(person);
        if (person.IdentityCheck.Length > 0) section.Fields.Add(new Answers.FormField { Code = "identityCheck", Title = StatusWords.Of("person-identityCheck"), Value = StatusWords.Of($"identity-check-{person.IdentityCheck}") });
        return section;
    }

    internal static Answers.FormSection PersonSection(Person person)
    {
        var section = new Answers.FormSection { Code = "person", Title = StatusWords.Of("section-person") };
        Add("name", person.Name);
        if (PinyinName.Is(person.Name, person.DocumentType)) Add("nameInPinyin", StatusWords.Of("name-in-pinyin"));
        Add("documentType", StatusWords.Find($"document-{person.DocumentType}") ?? person.DocumentType);
        Add("documentNumber", person.DocumentNumber);
        Add("sex", StatusWords.Find($"sex-{person.Sex}") ?? person.Sex);
        Add("birthDate", person.BirthDate);
        Add("nationality", person.Nationality);
        return section;

        void Add(string code, string value)
        {
            if (value.Length > 0) section.Fields.Add(new Answers.FormField { Code = code, Title = StatusWords.Of($"person-{code}"), Value = value });
        }
    }

    private static Answers.FormSection Section(ViewSubmission.SectionView section) =>
        new() { Code = section.Code, Title = section.Title, Fields = { section.Fields.Select(f => new Answers.FormField { Code = f.Code, Title = f.Title, Value = f.Value }) } };

    /// <summary>The bank takes 127 bytes of UTF-8.</summary>
    private static string Bounded(string text)
    {
        while (System.Text.Encoding.UTF8.GetByteCount(text) > 127) text = text[..^1];
        return text;
    }

    private static Guid Id(string text) => Guid.TryParse(text, out var id) ? id : throw new RpcException(new(StatusCode.InvalidArgument, "An id is a UUID."));
    private static RpcException NotFound() => new(new Grpc.Core.Status(StatusCode.NotFound, "There is no such thing."));
    private static string Rfc3339(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
