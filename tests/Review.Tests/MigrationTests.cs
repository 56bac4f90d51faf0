using ExamPlatform.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ExamPlatform.Reviews.Tests;

public sealed class MigrationTests
{
    private const string OldRows = """
        insert into work (id, application_id, candidate_id, version, programme_code, programme_version, session_code, stage, kind, level, area_path, opened_at, state, claimed_by, claimed_until) values
          ('01900000-0000-7000-8000-000000000001', '11111111-1111-1111-1111-111111111111', gen_random_uuid(), 1, 'HP', 1, '2027', 'confirmation', 'Confirmation', 'site', '110000/110100/', now(), 'Passed', gen_random_uuid(), now()),
          ('01900000-0000-7000-8000-000000000002', '11111111-1111-1111-1111-111111111111', gen_random_uuid(), 1, 'HP', 1, '2027', 'area-review', 'Review', 'area', '110000/110100/', now(), 'Claimed', gen_random_uuid(), now()),
          ('01900000-0000-7000-8000-000000000003', '22222222-2222-2222-2222-222222222222', gen_random_uuid(), 3, 'HP', 1, '2027', 'final', 'Review', 'national', '110000/110100/', now(), 'Open', null, null);
        insert into decisions (id, work_id, application_id, stage, version, officer_id, at, outcome, reasons, remark) values
          ('01900000-0000-7000-8000-000000000009', '01900000-0000-7000-8000-000000000001', '11111111-1111-1111-1111-111111111111', 'confirmation', 1, gen_random_uuid(), now(), 'Pass', array[]::text[], '');
        """;

    [Fact]
    public async Task Work_and_decisions_from_before_rounds_keep_their_order_below_every_counted_round()
    {
        await using var db = await Migrated();

        var work = await db.Work.OrderBy(w => w.Id).Select(w => new { w.Round, w.Jurisdiction, Held = w.ClaimedBy != null }).ToListAsync();

        Assert.Equal([(-999, "110000/110100/", false), (-998, "110000/", true), (-999, "", false)], work.Select(w => (w.Round, w.Jurisdiction!, w.Held)));
        Assert.Equal(-999, (await db.Decisions.SingleAsync()).Round);
        Assert.Contains("append-only", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => db.Database.ExecuteSqlRawAsync("update decisions set round = 1"))).MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_decided_before_days_were_counted_has_its_day_and_its_officer()
    {
        await using var db = await Migrated();

        var (decision, work) = (await db.Decisions.SingleAsync(), await db.Work.OrderBy(w => w.Id).ToListAsync());

        Assert.Equal([(decision.At, decision.OfficerId), (null, null), ((DateTimeOffset?)null, (Guid?)null)], work.Select(w => (w.DecidedAt, w.DecidedBy)));
    }

    private static async Task<ReviewDb> Migrated()
    {
        var db = new ReviewDb(new DbContextOptionsBuilder<ReviewDb>().UseNpgsql(await PostgresServer.CreateDatabaseAsync()).Options);
        await db.GetService<IMigrator>().MigrateAsync("Initial");
        await db.Database.ExecuteSqlRawAsync(OldRows);
        await db.Database.MigrateAsync();
        return db;
    }
}
