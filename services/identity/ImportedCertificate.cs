using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace ExamPlatform.Identities;

/// <summary>That an officer put a list of certificates in the place of what was imported of a province before.</summary>
public sealed class DisabilityImport
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>The province, GB/T 2260: 110000.</summary>
    public required string Province { get; init; }

    public Guid OfficerId { get; init; }
    public int Entries { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>A certificate as staff imported it: found by keyed hash, sealed as a whole. It decides where the register itself gives no answer.</summary>
public sealed class ImportedCertificate
{
    public byte[] CertificateHash { get; init; } = [];

    /// <summary>Whose import it came with and goes with.</summary>
    public required string Province { get; init; }

    public byte[] SealedEntry { get; init; } = [];

    public static ImportedCertificate Of(DisabilityFile.DisabilityRow row, PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(data);
        var hash = HashOf(row.Certificate, data);
        return new() { CertificateHash = hash, Province = ProvinceOf(row.Entry.AreaCode), SealedEntry = data.Seal(JsonSerializer.SerializeToUtf8Bytes(row.Entry), PlaceOf(hash)) };
    }

    public DisabilityEntry Entry(PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return JsonSerializer.Deserialize<DisabilityEntry>(data.Open(SealedEntry, PlaceOf(CertificateHash)))!;
    }

    public static byte[] HashOf(string certificate, PersonalData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Hash("disability certificate", certificate);
    }

    public static string ProvinceOf(string areaCode)
    {
        ArgumentNullException.ThrowIfNull(areaCode);
        return areaCode[..2] + "0000";
    }

    private static string PlaceOf(byte[] hash) => $"imported_certificates.sealed_entry/{Convert.ToHexStringLower(hash)}";
}

public static class ImportedCertificates
{
    /// <summary>Puts the rows in the place of all that was imported of their provinces, in one transaction. Who checks meanwhile sees the old ones.</summary>
    public static async Task Replace(this IdentityDb db, IReadOnlyList<ImportedCertificate> rows, Guid officer, DateTimeOffset now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlRawAsync("lock table imported_certificates in share row exclusive mode", ct); // one import after the other
        var provinces = rows.CountBy(row => row.Province).ToDictionary();
        var hashes = rows.Select(row => row.CertificateHash).ToArray();
        // also a person who moved here from another province whose list is older
        await db.ImportedCertificates.Where(c => provinces.Keys.Contains(c.Province) || hashes.Contains(c.CertificateHash)).ExecuteDeleteAsync(ct);
        await Copy((NpgsqlConnection)db.Database.GetDbConnection(), rows, ct);
        db.DisabilityImports.AddRange(provinces.Select(p => new DisabilityImport { Province = p.Key, OfficerId = officer, Entries = p.Value, At = now }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task Copy(NpgsqlConnection connection, IReadOnlyList<ImportedCertificate> rows, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy imported_certificates (certificate_hash, province, sealed_entry) from stdin (format binary)", ct);
        copy.Timeout = TimeSpan.FromMinutes(2);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(row.CertificateHash, NpgsqlDbType.Bytea, ct);
            await copy.WriteAsync(row.Province, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(row.SealedEntry, NpgsqlDbType.Bytea, ct);
        }
        await copy.CompleteAsync(ct);
    }
}
