using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Documents;

public sealed class DocumentDb(DbContextOptions<DocumentDb> options) : ServiceDb(options)
{
    public DbSet<Document> Documents => Set<Document>();
    public DbSet<DocumentHistory> History => Set<DocumentHistory>();
    public DbSet<Holding> Holdings => Set<Holding>();
    public DbSet<KnownTrial> KnownTrials => Set<KnownTrial>();
    public DbSet<Look> Looks => Set<Look>();
    public DbSet<UnfinishedUpload> UnfinishedUploads => Set<UnfinishedUpload>();
    public DbSet<UploadPart> UploadParts => Set<UploadPart>();

    protected override IReadOnlyList<Type> Audited => [typeof(Look)];

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Document>(document =>
        {
            document.Property(d => d.Version).IsRowVersion();
            document.HasIndex(d => new { d.CandidateId, d.UploadedAt });
            document.HasIndex(d => d.NextAttemptAt).HasFilter("state = 'Quarantined' and deleted_at is null");
            document.HasIndex(d => d.DeletedAt).HasFilter("deleted_at is not null");
            document.HasMany(d => d.History).WithOne().HasForeignKey(h => h.DocumentId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<MadePhoto>(made =>
        {
            made.ToTable("made_photos").HasKey(m => m.DocumentId);
            made.HasIndex(m => m.ApplicationId);
            made.HasOne<Document>().WithOne(d => d.Made).HasForeignKey<MadePhoto>(m => m.DocumentId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<DocumentHistory>().ToTable("document_history");
        // no foreign key: the message can name an upload that is not here
        modelBuilder.Entity<Holding>(holding =>
        {
            holding.HasKey(h => new { h.DocumentId, h.ApplicationId, h.Version });
            holding.HasIndex(h => h.ApplicationId).IsCreatedConcurrently();
        });
        modelBuilder.Entity<KnownTrial>(trial =>
        {
            trial.HasKey(t => t.ApplicationId);
            trial.Property(t => t.RowVersion).IsRowVersion();
        });
        modelBuilder.Entity<UnfinishedUpload>(upload =>
        {
            upload.HasIndex(u => new { u.SenderId, u.ExpiresAt });
            upload.HasMany(u => u.Parts).WithOne().HasForeignKey(p => p.UploadId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<UploadPart>(part =>
        {
            part.HasKey(p => new { p.UploadId, p.Offset });
            part.HasIndex(p => p.FileId);
        });
        modelBuilder.HasDataKeys();
        modelBuilder.Entity<Look>().HasIndex(l => l.DocumentId);
    }
}
