using ExamPlatform.Notifications.Features;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications;

public sealed class NotificationDb(DbContextOptions<NotificationDb> options, DeliverySignal signal) : ServiceDb(options)
{
    public DbSet<Notice> Notices => Set<Notice>();
    public DbSet<Delivery> Deliveries => Set<Delivery>();
    public DbSet<KnownApplication> KnownApplications => Set<KnownApplication>();
    public DbSet<KnownTrial> KnownTrials => Set<KnownTrial>();
    public DbSet<SmsReply> SmsReplies => Set<SmsReply>();

    /// <summary>New deliveries leave at once, not at the sender's next look.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var arrived = ChangeTracker.Entries<Delivery>().Any(e => e.State is EntityState.Added);
        var saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (arrived) signal.Wake();
        return saved;
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasDataKeys();
        modelBuilder.Entity<Notice>(notice =>
        {
            notice.Property(n => n.Version).IsRowVersion();
            notice.Property(n => n.Position).UseIdentityAlwaysColumn();
            notice.HasIndex(n => new { n.Event, n.Occurrence }).IsUnique();
            notice.HasIndex(n => new { n.CandidateId, n.Position });
            notice.HasIndex(n => n.ApplicationId).IsCreatedConcurrently();
            notice.HasIndex(n => n.CandidateId, "ix_notices_unread").HasFilter("read_at is null and title is not null");
            notice.HasMany(n => n.Deliveries).WithOne().HasForeignKey(d => d.NoticeId);
        });
        modelBuilder.Entity<Delivery>(delivery =>
        {
            delivery.Property(d => d.Version).IsRowVersion();
            delivery.HasIndex(d => new { d.NoticeId, d.Channel }).IsUnique();
            delivery.HasIndex(d => d.NextAttemptAt).HasFilter("state in ('Waiting', 'Sending')");
            delivery.HasMany(d => d.History).WithOne().HasForeignKey(h => h.DeliveryId);
        });
        modelBuilder.Entity<DeliveryHistory>().ToTable("delivery_history");
        modelBuilder.Entity<SmsReply>(reply =>
        {
            reply.Property(r => r.Version).IsRowVersion();
            reply.Property(r => r.Sealed).IsSealed();
            reply.HasIndex(r => r.SequenceId).IsUnique();
            reply.HasIndex(r => r.NextAttemptAt).HasFilter("taken_at is null");
        });
        modelBuilder.Entity<KnownTrial>(trial =>
        {
            trial.HasKey(t => t.ApplicationId);
            trial.Property(t => t.RowVersion).IsRowVersion();
        });
        modelBuilder.Entity<KnownApplication>().HasKey(a => a.ApplicationId);
    }
}
