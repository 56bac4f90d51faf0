using ExamPlatform.Notifications.Features;
using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Notifications;

public sealed class NotificationDb(DbContextOptions<NotificationDb> options, DeliverySignal signal) : ServiceDb(options)
{
    public DbSet<Notice> Notices => Set<Notice>();
    public DbSet<Delivery> Deliveries => Set<Delivery>();
    public DbSet<Route> Routes => Set<Route>();
    public DbSet<UndeliveredNotice> UndeliveredNotices => Set<UndeliveredNotice>();
    public DbSet<NoticePreference> NoticePreferences => Set<NoticePreference>();
    public DbSet<Subscription> Subscriptions => Set<Subscription>();
    public DbSet<KnownApplication> KnownApplications => Set<KnownApplication>();
    public DbSet<KnownTrial> KnownTrials => Set<KnownTrial>();
    public DbSet<SmsReply> SmsReplies => Set<SmsReply>();
    public DbSet<Article> Articles => Set<Article>();
    public DbSet<Question> Questions => Set<Question>();
    public DbSet<BulkSend> BulkSends => Set<BulkSend>();
    public DbSet<BulkRecipient> BulkRecipients => Set<BulkRecipient>();
    public DbSet<FollowerPush> FollowerPushes => Set<FollowerPush>();

    protected override IReadOnlyList<Type> Audited => [typeof(ArticleVersion), typeof(ArticleHistory), typeof(UndeliveredNotice), typeof(BulkSend), typeof(BulkHistory), typeof(FollowerPush)];

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
            notice.HasIndex(n => n.BulkSendId).HasFilter("bulk_send_id is not null").IsCreatedConcurrently();
            notice.HasIndex(n => n.CandidateId, "ix_notices_unread").HasFilter("read_at is null and title is not null");
            notice.HasMany(n => n.Deliveries).WithOne().HasForeignKey(d => d.NoticeId);
        });
        modelBuilder.Entity<Delivery>(delivery =>
        {
            delivery.Property(d => d.Version).IsRowVersion();
            delivery.HasIndex(d => new { d.NoticeId, d.Channel }).IsUnique();
            delivery.HasIndex(d => d.Receipt).HasFilter("receipt is not null").IsCreatedConcurrently();
            delivery.HasIndex(d => d.NextAttemptAt).HasFilter("state in ('Waiting', 'Sending')");
            delivery.HasMany(d => d.History).WithOne().HasForeignKey(h => h.DeliveryId);
        });
        modelBuilder.Entity<Route>(route =>
        {
            route.HasKey(r => r.NoticeId);
            route.Property(r => r.Version).IsRowVersion();
            route.HasOne<Notice>().WithOne().HasForeignKey<Route>(r => r.NoticeId);
            route.HasIndex(r => r.GoOnAt).HasFilter("go_on_at is not null");
        });
        modelBuilder.Entity<UndeliveredNotice>(undelivered =>
        {
            undelivered.HasKey(u => u.NoticeId);
            undelivered.Property(u => u.Version).IsRowVersion();
            undelivered.HasIndex(u => u.DueAt).HasFilter("settled_at is null");
            undelivered.HasIndex(u => u.ApplicationId);
        });
        modelBuilder.Entity<NoticePreference>(preference =>
        {
            preference.HasKey(p => p.CandidateId);
            preference.Property(p => p.Version).IsRowVersion();
        });
        modelBuilder.Entity<Subscription>().HasKey(s => new { s.CandidateId, s.TemplateId });
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
        ContentTables(modelBuilder);
        BulkTables(modelBuilder);
    }

    private static void BulkTables(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<BulkSend>(bulk =>
        {
            bulk.Property(b => b.Version).IsRowVersion();
            bulk.HasIndex(b => b.Id).HasFilter("state in ('Counting', 'Sending')").HasDatabaseName("ix_bulk_sends_open");
            bulk.HasMany(b => b.History).WithOne().HasForeignKey(h => h.BulkSendId);
        });
        modelBuilder.Entity<BulkHistory>().ToTable("bulk_history").Property(h => h.Id).ValueGeneratedNever();
        modelBuilder.Entity<BulkRecipient>(recipient =>
        {
            recipient.HasKey(r => new { r.BulkSendId, r.CandidateId });
            recipient.HasOne<BulkSend>().WithMany().HasForeignKey(r => r.BulkSendId);
            recipient.HasIndex(r => new { r.BulkSendId, r.CandidateId }).HasFilter("taken_at is null").HasDatabaseName("ix_bulk_recipients_left");
            recipient.HasIndex(r => r.CandidateId);
            recipient.HasIndex(r => r.ApplicationId);
        });
        modelBuilder.Entity<FollowerPush>(push =>
        {
            push.Property(p => p.Version).IsRowVersion();
            push.HasOne<Article>().WithMany().HasForeignKey(p => p.ArticleId);
            push.HasIndex(p => p.ArticleId, "one_push_of_an_article").IsUnique().HasFilter("state not in ('Declined', 'Failed')");
            push.HasIndex(p => p.NextAt).HasFilter("next_at is not null");
        });
    }

    private static void ContentTables(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Article>(article =>
        {
            article.Property(a => a.Version).IsRowVersion();
            article.HasIndex(a => new { a.Kind, a.ProgrammeCode, a.From }).HasFilter("withdrawn_at is null and \"from\" is not null");
            article.HasMany(a => a.Versions).WithOne().HasForeignKey(v => v.ArticleId);
            article.HasMany(a => a.History).WithOne().HasForeignKey(h => h.ArticleId);
            article.HasMany(a => a.Files).WithOne().HasForeignKey(f => f.ArticleId);
        });
        modelBuilder.Entity<ArticleVersion>().ToTable("article_versions").HasKey(v => new { v.ArticleId, v.Number });
        modelBuilder.Entity<ArticleFile>().ToTable("article_files").HasKey(f => new { f.ArticleId, f.DocumentId });
        modelBuilder.Entity<ArticleHistory>().ToTable("article_history").Property(h => h.Id).ValueGeneratedNever(); // added to what was read: not taken for a row that is there
        modelBuilder.Entity<Question>(question =>
        {
            question.Property(q => q.Version).IsRowVersion();
            question.HasIndex(q => new { q.CandidateId, q.Id });
            question.HasIndex(q => new { q.State, q.AreaPath, q.Id });
            question.HasMany(q => q.Messages).WithOne().HasForeignKey(m => m.QuestionId);
        });
        modelBuilder.Entity<QuestionMessage>(message =>
        {
            message.ToTable("question_messages");
            message.Property(m => m.Id).ValueGeneratedNever();
            message.Property(m => m.Sealed).IsSealed();
            message.HasIndex(m => new { m.QuestionId, m.Number }).IsUnique();
        });
    }
}
