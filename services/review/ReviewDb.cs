using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Reviews;

public sealed class ReviewDb(DbContextOptions<ReviewDb> options) : ServiceDb(options)
{
    public DbSet<Work> Work => Set<Work>();
    public DbSet<WorkTransition> WorkTransitions => Set<WorkTransition>();
    public DbSet<Decision> Decisions => Set<Decision>();
    public DbSet<Look> Looks => Set<Look>();
    public DbSet<KnownApplication> KnownApplications => Set<KnownApplication>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Work>(work =>
        {
            work.Property(w => w.Id).ValueGeneratedNever();
            work.Property(w => w.RowVersion).IsRowVersion();
            work.HasMany(w => w.History).WithOne().HasForeignKey(t => t.WorkId);
            work.HasIndex(w => new { w.ApplicationId, w.Version, w.Stage }).IsUnique();
            // the work list: equality on the level, then a prefix of the area path
            work.HasIndex(w => new { w.Level, w.AreaPath, w.Id }).HasOperators("text_ops", "text_pattern_ops", "uuid_ops");
        });
        modelBuilder.Entity<Decision>(decision =>
        {
            decision.Property(d => d.Id).ValueGeneratedNever();
            decision.Property(d => d.Remark).HasMaxLength(Decision.RemarkLimit);
            decision.HasOne<Work>().WithOne().HasForeignKey<Decision>(d => d.WorkId); // unique: a stage of a version is decided once
            decision.HasIndex(d => new { d.OfficerId, d.Id });
        });
        modelBuilder.Entity<Look>(look =>
        {
            look.HasOne<Work>().WithMany().HasForeignKey(l => l.WorkId);
            look.HasIndex(l => new { l.CandidateId, l.At });
        });
        modelBuilder.Entity<KnownApplication>(known =>
        {
            known.HasKey(a => a.ApplicationId);
            known.Property(a => a.RowVersion).IsRowVersion();
        });
    }
}
