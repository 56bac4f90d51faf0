using System.Text.Json;
using System.Text.RegularExpressions;
using ExamPlatform.Identities.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>What the platform's other services ask about a candidate.</summary>
public sealed partial class AnswerIdentity(IdentityDb db, PersonalData data, CheckDisability disability, Bindings bindings, TimeProvider clock) : IdentityAnswers.IdentityAnswersBase
{
    private const int MostRows = 2000, MostReached = 500;

    public override async Task<Person> GetPerson(GetPersonRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var candidate = await Find(request.CandidateId, context);
        var identity = candidate.Identity(data);
        return new()
        {
            CandidateId = request.CandidateId,
            Name = identity.Name,
            DocumentType = JsonNamingPolicy.CamelCase.ConvertName(identity.DocumentType.ToString()),
            DocumentNumber = identity.DocumentNumber,
            Sex = identity.Sex == Sex.Male ? "male" : "female",
            BirthDate = identity.BirthDate.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            Nationality = identity.Nationality,
            IdentityCheck = (await IdentityCheck.Of(db, Id(request.CandidateId)).SingleOrDefaultAsync(context.CancellationToken))?.StateName ?? "pending",
            IdentityType = candidate.IdentityType ?? "",
        };
    }

    public override async Task<Address> GetAddress(GetAddressRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var candidate = await Find(request.CandidateId, context);
        var former = DateTimeOffset.TryParse(request.At, System.Globalization.CultureInfo.InvariantCulture, out var at)
            ? await db.FormerMobiles.AsNoTracking().Where(f => f.CandidateId == candidate.Id && f.Until >= at).OrderBy(f => f.Until).FirstOrDefaultAsync(context.CancellationToken) : null;
        return new() { CandidateId = request.CandidateId, Mobile = former?.Mobile(data) ?? candidate.Mobile(data) };
    }

    public override async Task<FoundCandidates> FindByMobile(FindByMobileRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var hash = Candidate.HashOfMobile(data, Mobile.Tidy(request.Mobile));
        var ids = await db.Candidates.Where(c => c.MobileHash == hash).OrderByDescending(c => c.RegisteredAt).Take(200).Select(c => c.Id).ToListAsync(context.CancellationToken);
        return new() { CandidateIds = { ids.Select(id => id.ToString()) } };
    }

    public override async Task<FoundConsent> FindConsent(FindConsentRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var (id, path) = (Id(request.CandidateId), request.AreaPath);
        var officers = db.Officers.Where(o => path.StartsWith(o.AreaPath) || o.AreaPath.StartsWith(path));
        return new() { Given = await db.Consents.AnyAsync(c => c.CandidateId == id && officers.Any(o => o.Id == c.OfficerId), context.CancellationToken) };
    }

    public override async Task<CheckDisabilityReply> CheckDisability(CheckDisabilityRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (!AreaPath().IsMatch(request.AreaPath)) throw new RpcException(new Status(StatusCode.InvalidArgument, "area_path is no path of area codes, each ended by a slash."));
        return await disability.Of(await Find(request.CandidateId, context), request, context.CancellationToken);
    }

    public override async Task<MaskedNames> GetMaskedNames(GetMaskedNamesRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (request.Rows.Count > MostRows) throw new RpcException(new Status(StatusCode.InvalidArgument, $"At most {MostRows} rows."));
        var beside = new Dictionary<Guid, string>();
        foreach (var row in request.Rows)
            if (!Guid.TryParse(row.CandidateId, out var id)) throw new RpcException(new Status(StatusCode.InvalidArgument, "candidate_id is no UUID."));
            else beside[id] = row.Beside;
        var people = (await db.Candidates.AsNoTracking().Where(c => beside.Keys.Contains(c.Id)).ToListAsync(context.CancellationToken)).ConvertAll(c => (c.Id, Identity: c.Identity(data), Name: PersonName.Masked(c.Identity(data).Name)));
        var alike = people.CountBy(p => (p.Name, beside[p.Id])).Where(g => g.Value > 1).Select(g => g.Key).ToHashSet();
        return new() { Names = { people.Select(p => new MaskedName { CandidateId = p.Id.ToString(), Name = p.Name, Number = alike.Contains((p.Name, beside[p.Id])) ? DocumentNumber.End(p.Identity.DocumentNumber) : "" }) } };
    }

    public override async Task<WeChatState> GetWeChat(GetWeChatRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var id = Id(request.CandidateId);
        var bound = await db.Bindings.AsNoTracking().SingleOrDefaultAsync(b => b.AccountId == id && b.Kind == BindingKind.WeChat, context.CancellationToken);
        return new() { Bound = bound is not null, Follows = bound is not null && await bindings.Follows(bound, context.CancellationToken) };
    }

    public override async Task<OpenId> GetOpenId(GetOpenIdRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var app = request.Application switch
        {
            "account" => WeChatApp.Account,
            "miniProgram" => WeChatApp.MiniProgram,
            _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "application is account or miniProgram.")),
        };
        return new() { OpenId_ = await bindings.OpenId(Id(request.CandidateId), app, context.CancellationToken) ?? "" };
    }

    public override async Task<MessageAddress> GetMessageAddress(GetMessageAddressRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var id = Id(request.CandidateId);
        var address = request.Channel switch
        {
            "weChat" => await bindings.FollowerId(id, context.CancellationToken),
            "baidu" => await bindings.PersonId(id, BindingKind.Baidu, context.CancellationToken),
            "miniProgram" => await bindings.OpenId(id, WeChatApp.MiniProgram, context.CancellationToken),
            _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "channel is weChat, miniProgram or baidu.")),
        };
        return new() { Address = address ?? "" };
    }

    public override async Task<Reaches> ListReach(ListReachRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (request.CandidateIds.Count > MostReached) throw new RpcException(new Status(StatusCode.InvalidArgument, $"At most {MostReached} candidates."));
        List<Guid> ids = [.. request.CandidateIds.Select(Id)];
        var followers = await bindings.Following(ids, context.CancellationToken);
        var people = await db.Candidates.AsNoTracking().Where(c => ids.Contains(c.Id) && c.ForgottenAt == null).Select(c => new { c.Id, Mobile = c.SealedMobile.Length > 0 }).ToListAsync(context.CancellationToken);
        return new() { People = { people.Select(p => new Reach { CandidateId = p.Id.ToString(), Mobile = p.Mobile, WeChat = followers.Contains(p.Id) }) } };
    }

    public override async Task<SmsCodeToSend> GetSmsCode(GetSmsCodeRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (!Guid.TryParse(request.CodeId, out var id)) throw new RpcException(new Status(StatusCode.InvalidArgument, "code_id is no UUID."));
        if (await db.SmsCodes.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, context.CancellationToken) is not { IsSent: true } code) throw new RpcException(new Status(StatusCode.NotFound, "There is no such code to send."));
        if (code.IsOver(clock.GetUtcNow())) throw new RpcException(new Status(StatusCode.FailedPrecondition, "The code is over."));
        return new() { Mobile = code.Mobile(data), Digits = code.Digits(data) };
    }

    [GeneratedRegex(@"^([0-9]{6,12}/)+\z")]
    private static partial Regex AreaPath();

    private static Guid Id(string candidateId) => Guid.TryParse(candidateId, out var id) ? id : throw new RpcException(new Status(StatusCode.InvalidArgument, "candidate_id is no UUID."));

    private async Task<Candidate> Find(string candidateId, ServerCallContext context)
    {
        var id = Id(candidateId);
        return await db.Candidates.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.NotFound, "There is no such candidate."));
    }
}
