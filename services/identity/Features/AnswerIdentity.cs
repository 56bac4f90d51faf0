using System.Text.Json;
using ExamPlatform.Identities.Contracts;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>What the platform's other services ask about a candidate.</summary>
public sealed class AnswerIdentity(IdentityDb db, PersonalData data) : IdentityAnswers.IdentityAnswersBase
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

    private async Task<Candidate> Find(string candidateId, ServerCallContext context)
    {
        if (!Guid.TryParse(candidateId, out var id)) throw new RpcException(new Status(StatusCode.InvalidArgument, "candidate_id is no UUID."));
        return await db.Candidates.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.NotFound, "There is no such candidate."));
    }
}
