using ExamPlatform.Identities.Contracts;

namespace ExamPlatform.Identities.Features;

/// <summary>Asks the disability register about a candidate's certificate and keeps that it was asked. The register is not asked about a certificate that is somebody else's by its own number.</summary>
public sealed class CheckDisability(IdentityDb db, PersonalData data, IDisabilityRegister register, TimeProvider clock)
{
    public async Task<CheckDisabilityReply> Of(Candidate candidate, CheckDisabilityRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(request);
        var identity = candidate.Identity(data);
        var certificate = DisabilityCertificate.Tidy(request.Certificate);
        var own = DisabilityCertificate.IsRight(certificate) && DisabilityCertificate.IsOf(identity.DocumentNumber, certificate);
        var answer = own ? await register.FindAsync(certificate, ct) : null;
        var check = DisabilityCheck.Of(candidate, identity, certificate, request.AreaPath, request.AcceptedCategories, answer, data, clock.GetUtcNow());
        db.DisabilityChecks.Add(check);
        await db.SaveChangesAsync(CancellationToken.None); // what the register was asked is kept, also when the caller has gone
        var entry = check.State is DisabilityState.OtherPerson ? null : answer?.Entry; // another person's disability is nobody's business here
        return new()
        {
            State = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(check.State.ToString()),
            Category = entry?.Category ?? 0,
            Grade = entry?.Grade ?? 0,
            CheckedAt = check.At.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ValidUntil = entry?.ValidUntil?.ToString("O", System.Globalization.CultureInfo.InvariantCulture) ?? "",
        };
    }
}
