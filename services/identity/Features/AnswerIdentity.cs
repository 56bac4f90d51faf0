using System.Text.Json;
using System.Text.RegularExpressions;
using ExamPlatform.Identities.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>What the platform's other services ask about a candidate.</summary>
public sealed partial class AnswerIdentity(IdentityDb db, PersonalData data, CheckDisability disability) : IdentityAnswers.IdentityAnswersBase
{
    public override async Task<Person> GetPerson(GetPersonRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var identity = (await Find(request.CandidateId, context)).Identity(data);
        return new()
        {
            CandidateId = request.CandidateId,
            Name = identity.Name,
            DocumentType = JsonNamingPolicy.CamelCase.ConvertName(identity.DocumentType.ToString()),
            DocumentNumber = identity.DocumentNumber,
            Sex = identity.Sex == Sex.Male ? "male" : "female",
            BirthDate = identity.BirthDate.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            Nationality = identity.Nationality,
        };
    }

    public override async Task<Address> GetAddress(GetAddressRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        return new() { CandidateId = request.CandidateId, Mobile = (await Find(request.CandidateId, context)).Mobile(data) };
    }

    public override async Task<FoundCandidates> FindByMobile(FindByMobileRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var hash = Candidate.HashOfMobile(data, Mobile.Tidy(request.Mobile));
        var ids = await db.Candidates.Where(c => c.MobileHash == hash).OrderByDescending(c => c.RegisteredAt).Take(200).Select(c => c.Id).ToListAsync(context.CancellationToken);
        return new() { CandidateIds = { ids.Select(id => id.ToString()) } };
    }

    public override async Task<CheckDisabilityReply> CheckDisability(CheckDisabilityRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (!AreaPath().IsMatch(request.AreaPath)) throw new RpcException(new Status(StatusCode.InvalidArgument, "area_path is no path of area codes, each ended by a slash."));
        return await disability.Of(await Find(request.CandidateId, context), request, context.CancellationToken);
    }

    [GeneratedRegex(@"^([0-9]{6,12}/)+\z")]
    private static partial Regex AreaPath();

    private async Task<Candidate> Find(string candidateId, ServerCallContext context)
    {
        if (!Guid.TryParse(candidateId, out var id)) throw new RpcException(new Status(StatusCode.InvalidArgument, "candidate_id is no UUID."));
        return await db.Candidates.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.NotFound, "There is no such candidate."));
    }
}
