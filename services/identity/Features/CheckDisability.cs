using ExamPlatform.Identities.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities.Features;

/// <summary>
/// Asks the disability register about a candidate's certificate and keeps that it was asked. Where it gives no answer, what staff imported decides. Nobody is asked about a certificate that is somebody else's by its own number.
/// </summary>
public sealed class CheckDisability(IdentityDb db, PersonalData data, IDisabilityRegister register, TimeProvider clock)
{
    public async Task<CheckDisabilityReply> Of(Candidate candidate, CheckDisabilityRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(request);
        var identity = candidate.Identity(data);
        var certificate = DisabilityCertificate.Tidy(request.Certificate);
        var own = DisabilityCertificate.IsRight(certificate) && DisabilityCertificate.IsOf(identity.DocumentNumber, certificate);
        var (answer, source) = own ? await Ask(certificate, request.AreaPath, ct) : (null, DisabilitySource.CertificateNumber);
        var check = DisabilityCheck.Of(candidate, identity, certificate, request.AreaPath, request.AcceptedCategories, answer, source, data, clock.GetUtcNow());
        db.DisabilityChecks.Add(check);
        await db.SaveChangesAsync(CancellationToken.None); // what the register was asked is kept, also when the caller has gone
        var entry = check.State is DisabilityState.OtherPerson ? null : answer?.Entry; // another person's disability is nobody's business here
        return new()
        {
            State = Word(check.State),
            Source = Word(check.Source),
            Category = entry?.Category ?? 0,
            Grade = entry?.Grade ?? 0,
            CheckedAt = check.At.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ValidUntil = entry?.ValidUntil?.ToString("O", System.Globalization.CultureInfo.InvariantCulture) ?? "",
        };
    }

    /// <summary>A list that was imported of the area says no by what it leaves out; that of another area only yes.</summary>
    private async Task<(RegisterAnswer Answer, DisabilitySource Source)> Ask(string certificate, string areaPath, CancellationToken ct)
    {
        var answer = await register.FindAsync(certificate, areaPath, ct);
        if (answer.Reached) return (answer, DisabilitySource.DisabilityRegister);
        var (hash, province) = (ImportedCertificate.HashOf(certificate, data), ImportedCertificate.ProvinceOf(areaPath));
        var imported = await db.ImportedCertificates.AsNoTracking().SingleOrDefaultAsync(c => c.CertificateHash == hash, ct);
        if (imported is null && !await db.ImportedCertificates.AnyAsync(c => c.Province == province, ct)) return (answer, DisabilitySource.DisabilityRegister);
        return (new(true, imported?.Entry(data)), DisabilitySource.ImportedRegister);
    }

    private static string Word<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
