using System.Net;
using System.Net.Http.Json;
using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Messages.Tests;

public sealed class AuditTests
{
    /// <summary>A service with three notes in its trail, one of them changed, one thrown away.</summary>
    private static async Task<(ProbeService Service, Guid Kept)> Written()
    {
        var service = await ProbeService.Start(await ProbeService.ADatabase());
        var notes = Enumerable.Range(0, 3).Select(n => new Note { Id = Guid.NewGuid(), Text = $"note {n}" }).ToList();
        await service.Query(async db =>
        {
            db.AddRange(notes);
            await db.SaveChangesAsync();
            notes[0].Text = "changed by the service";
            db.Remove(notes[1]);
            return await db.SaveChangesAsync();
        });
        while (await service.Query(db => db.Audit.AnyAsync(e => e.Number == null))) await service.Trail(trail => trail.Seal(default));
        return (service, notes[2].Id);
    }

    private static Task<AuditTrail.AuditReport> Verified(ProbeService service, (long, string)? kept = null) => service.Trail(trail => trail.Verify(kept, default));

    /// <summary>What somebody can do who owns the database: no trigger stands in the way.</summary>
    private static Task Tamper(ProbeService service, string sql) => service.Query(db => db.Database.ExecuteSqlRawAsync(string.Concat("begin; set local session_replication_role = replica; ", sql, "; commit")));

    [Fact]
    public async Task Whatever_becomes_of_an_audited_row_is_in_the_chain_and_sound()
    {
        var (service, _) = await Written();
        await using var _1 = service;

        var report = await Verified(service);

        Assert.Empty(report.Faults);
        Assert.Equal((5, 0, 64), (report.Number, report.Unsealed, report.Hash.Length));
        Assert.Equal(["delete", "insert", "insert", "insert", "update"], await service.Query(db => db.Audit.Select(e => e.Operation).Order().ToListAsync()));
    }

    [Theory]
    [InlineData("update audit set row = jsonb_set(row, '{text}', '\"forged\"') where number = 2", "changed")]
    [InlineData("update audit set at = at - interval '1 day' where number = 2", "changed")]
    [InlineData("update audit set hash = sha256('guess') where number = 2", "changed")]
    [InlineData("delete from audit where number = 2", "missing")]
    [InlineData("update notes set text = 'forged' where id = '{kept}'", "row-changed")]
    [InlineData("delete from notes where id = '{kept}'", "row-gone")]
    [InlineData("insert into notes (id, text) values (gen_random_uuid(), 'slipped in')", "row-unknown")]
    public async Task Tampering_with_one_row_is_found(string sql, string fault)
    {
        ArgumentNullException.ThrowIfNull(sql);
        var (service, kept) = await Written();
        await using var _ = service;

        await Tamper(service, sql.Replace("{kept}", kept.ToString(), StringComparison.Ordinal).Replace("{text}", "{{text}}", StringComparison.Ordinal));

        Assert.Contains(fault, (await Verified(service)).Faults.Select(f => f.Kind));
    }

    [Fact]
    public async Task A_changed_entry_is_named_and_the_ones_after_it_are_not()
    {
        var (service, _) = await Written();
        await using var _1 = service;

        await Tamper(service, "update audit set source = 'elsewhere' where number = 3");

        Assert.Equal(["changed 3"], (await Verified(service)).Faults.Where(f => f.Number is not null).Select(f => $"{f.Kind} {f.Number}"));
    }

    [Fact]
    public async Task A_chain_that_was_cut_at_its_end_does_not_hold_the_head_that_was_kept()
    {
        var (service, kept) = await Written();
        await using var _ = service;
        var before = await Verified(service);
        Assert.Empty((await Verified(service, (before.Number, before.Hash.ToUpperInvariant()))).Faults);

        await Tamper(service, $"delete from audit where number = {before.Number}; delete from notes where not exists (select 1 from audit where key = notes.id::text)");

        Assert.Contains((await Verified(service, (before.Number, before.Hash))).Faults, f => f.Kind == "head" && f.Number == before.Number);
    }

    [Theory]
    [InlineData("update audit set row = '{{}}'")]
    [InlineData("update audit set number = 99, hash = null where number is not null")]
    [InlineData("delete from audit")]
    [InlineData("truncate audit")]
    public async Task The_database_itself_refuses_to_change_the_trail(string sql)
    {
        var (service, _) = await Written();
        await using var _1 = service;

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => service.Query(db => db.Database.ExecuteSqlRawAsync(sql)));

        Assert.Equal("audit is append-only", refused.MessageText);
    }

    [Fact]
    public async Task Many_sealers_at_once_leave_no_gap_and_no_number_twice()
    {
        var database = await ProbeService.ADatabase();
        await using var one = await ProbeService.Start(database);
        await using var two = await ProbeService.Start(database);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => (n % 2 == 0 ? one : two).Query(async db =>
        {
            db.AddRange(Enumerable.Range(0, 20).Select(m => new Note { Id = Guid.NewGuid(), Text = $"{n} {m}" }));
            await db.SaveChangesAsync();
            return await (n % 3 == 0 ? one : two).Trail(trail => trail.Seal(default));
        })));

        await Until.Async(async () =>
        {
            await Task.WhenAll(one.Trail(trail => trail.Seal(default)), two.Trail(trail => trail.Seal(default)));
            return (await Verified(one)).Unsealed == 0;
        }, what: "all is sealed");

        var report = await Verified(two);
        Assert.Empty(report.Faults);
        Assert.Equal(400, report.Number);
    }

    [Fact]
    public async Task Rows_from_before_the_trail_are_taken_over_once()
    {
        var database = await ProbeService.ADatabase();
        await using (var before = await ProbeService.Start(database))
            await before.Query(db => db.Database.ExecuteSqlRawAsync("drop trigger audit on notes; insert into notes (id, text) values (gen_random_uuid(), 'old')"));

        await ProbeService.Migrate(database);
        await ProbeService.Migrate(database);

        await using var service = await ProbeService.Start(database);
        Assert.Empty((await Verified(service)).Faults);
        Assert.Equal(1, await service.Query(db => db.Audit.CountAsync()));
    }

    [Fact]
    public async Task Only_an_operator_is_told_and_half_a_head_is_refused()
    {
        var (service, _) = await Written();
        await using var _1 = service;
        const string address = "/api/operations/probe/audit";

        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(TokenNames.Officer).GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.As(TokenNames.Operator).GetAsync($"{address}?number=3")).StatusCode);
        Assert.Equal(5, (await service.As(TokenNames.Operator).GetFromJsonAsync<AuditTrail.AuditReport>(address))!.Number);
    }
}
