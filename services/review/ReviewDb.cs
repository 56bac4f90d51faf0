using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ExamPlatform.Reviews;

public sealed class ReviewDb(DbContextOptions<ReviewDb> options) : ServiceDb(options)
{
    public DbSet<Work> Work => Set<Work>();
    public DbSet<WorkTransition> WorkTransitions => Set<WorkTransition>();
    public DbSet<Decision> Decisions => Set<Decision>();
    public DbSet<Look> Looks => Set<Look>();
    public DbSet<PaperTick> PaperTicks => Set<PaperTick>();
    public DbSet<BulkPass> BulkPasses => Set<BulkPass>();
    public DbSet<WorkExport> WorkExports => Set<WorkExport>();
    public DbSet<KnownApplication> KnownApplications => Set<KnownApplication>();

    protected override IReadOnlyList<Type> Audited => [typeof(Decision), typeof(Look), typeof(BulkPass), typeof(PaperTick), typeof(WorkExport)];

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasDataKeys();
        modelBuilder.HasOwnerKeys();
        modelBuilder.Entity<Work>(OfWork);
        modelBuilder.Entity<Decision>(decision =>
        {
            decision.Property(d => d.Id).ValueGeneratedNever();
            decision.Property(d => d.Remark).HasMaxLength(Decision.RemarkLimit);
            decision.Property(d => d.SealedRemark).IsSealed();
            decision.HasOne<Work>().WithOne().HasForeignKey<Decision>(d => d.WorkId); // unique: each piece of work is decided once
            decision.HasIndex(d => d.ApplicationId);
            decision.HasIndex(d => new { d.OfficerId, d.Id });
        });
        modelBuilder.Entity<Look>(look =>
        {
            look.HasOne<Work>().WithMany().HasForeignKey(l => l.WorkId);
            look.HasIndex(l => new { l.CandidateId, l.At });
        });
        modelBuilder.Entity<PaperTick>().HasIndex(t => new { t.ApplicationId, t.Paper });
        modelBuilder.Entity<WorkExport>(export =>
        {
            export.Property(e => e.Id).ValueGeneratedNever();
            export.Property(e => e.Filters).HasColumnType("jsonb");
            export.HasIndex(e => new { e.AreaPath, e.Id }).HasOperators("text_pattern_ops");
        });
        modelBuilder.Entity<KnownApplication>(known =>
        {
            known.HasKey(a => a.ApplicationId);
            known.Property(a => a.RowVersion).IsRowVersion();
        });
    }

    /// <summary>
    /// The work list is read by level, jurisdiction and id, and what the filters ask stands behind that in the same index: rows that do not fit are skipped without being fetched.
    /// What is undecided is a small part and has an index of its own; decided work is asked for by its state. Counting, per state and per day, reads its index alone.
    /// </summary>
    private static void OfWork(EntityTypeBuilder<Work> work)
    {
        work.Property(w => w.Id).ValueGeneratedNever();
        work.Property(w => w.RowVersion).IsRowVersion();
        work.Property(w => w.Jurisdiction).HasComputedColumnSql("""
            case level when 'national' then '' when 'area' then substring(area_path from '^[^/]+/') when 'site' then substring(area_path from '^[^/]+/[^/]+/')
            when 'point' then substring(area_path from '^[^/]+/[^/]+/[^/]+/') end
            """, stored: true);
        work.HasMany(w => w.History).WithOne().HasForeignKey(t => t.WorkId);
        work.HasIndex(w => new { w.ApplicationId, w.Round }).IsUnique();
        work.HasIndex(w => new { w.Level, w.Jurisdiction, w.Id, w.AreaPath, w.Stage, w.ProgrammeCode, w.SessionCode, w.Kind, w.DueAt, w.State, w.Trial })
            .HasOperators("text_ops", "text_ops", "uuid_ops", "text_pattern_ops").HasFilter("state in ('Open', 'Claimed')").IsCreatedConcurrently().HasDatabaseName("ix_work_undecided");
        work.HasIndex(w => new { w.Level, w.Jurisdiction, w.State, w.Id, w.AreaPath, w.Stage, w.ProgrammeCode, w.SessionCode, w.Kind, w.DueAt, w.Trial })
            .HasOperators("text_ops", "text_ops", "text_ops", "uuid_ops", "text_pattern_ops").HasFilter("state not in ('Open', 'Claimed')").IsCreatedConcurrently().HasDatabaseName("ix_work_decided");
        work.HasIndex(w => new { w.Level, w.Jurisdiction, w.ProgrammeCode, w.SessionCode, w.Stage, w.Kind, w.State, w.ClaimedUntil, w.Trial }).IsCreatedConcurrently().HasDatabaseName("ix_work_counts");
        work.HasIndex(w => new { w.Level, w.Jurisdiction, w.Trial, w.OpenedAt }).IncludeProperties(w => new { w.ProgrammeCode, w.SessionCode, w.Stage, w.Kind }).IsCreatedConcurrently().HasDatabaseName("ix_work_arrivals");
        work.HasIndex(w => new { w.Level, w.Jurisdiction, w.Trial, w.DecidedAt }).IncludeProperties(w => new { w.ProgrammeCode, w.SessionCode, w.Stage, w.Kind, w.State, w.DecidedBy })
            .HasFilter("decided_at is not null").IsCreatedConcurrently().HasDatabaseName("ix_work_decisions");
        work.HasIndex(w => new { w.AreaPath, w.Id }).HasOperators("text_pattern_ops").HasFilter("voided_for = 'PassedOver'").HasDatabaseName("ix_work_passed_over");
    }
}
