using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ExamPlatform.Applications;

public sealed class ApplicationDb(DbContextOptions<ApplicationDb> options, Seals seals) : ServiceDb(options)
{
    private static readonly JsonSerializerOptions Json = new JsonSerializerOptions(JsonSerializerDefaults.Web).UsePlatformRules();

    /// <summary>At most one live application per person and session, whatever the race (E14).</summary>
    public const string OneLive = "ix_applications_one_live";

    /// <summary>The index that makes an objection that is sent twice one.</summary>
    public const string OneObjection = "ix_objections_one_key";

    public DbSet<Application> Applications => Set<Application>();
    public DbSet<Submission> Submissions => Set<Submission>();
    public DbSet<PrintedForm> PrintedForms => Set<PrintedForm>();
    public DbSet<HistoryEntry> History => Set<HistoryEntry>();
    public DbSet<Profile> Profiles => Set<Profile>();
    public DbSet<PublishedProgramme> Programmes => Set<PublishedProgramme>();
    public DbSet<RetiredProgramme> RetiredProgrammes => Set<RetiredProgramme>();
    public DbSet<PlanPlaces> PlanPlaces => Set<PlanPlaces>();
    public DbSet<Beat> Beats => Set<Beat>();
    public DbSet<Outage> Outages => Set<Outage>();
    public DbSet<PublicNotice> PublicNotices => Set<PublicNotice>();
    public DbSet<Objection> Objections => Set<Objection>();
    public DbSet<TrialDiscard> TrialDiscards => Set<TrialDiscard>();
    public DbSet<LeavingCandidate> LeavingCandidates => Set<LeavingCandidate>();
    public DbSet<RegisterEntry> RegisterEntries => Set<RegisterEntry>();

    /// <summary>Saves the change together with what the applications have announced, and with the places they give back.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var changed = ChangeTracker.Entries<Application>().Select(entry => entry.Entity).ToList();
        changed.ForEach(application => application.TellTo(this));
        var givenBack = changed.SelectMany(application => application.TakeGivenBack()).ToList();
        if (givenBack.Count == 0) return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        await using var transaction = Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(cancellationToken) : null;
        await this.GiveBackPlaces(givenBack, cancellationToken);
        var saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    protected override IReadOnlyList<Type> Audited => [typeof(HistoryEntry), typeof(PublishedProgramme), typeof(RetiredProgramme), typeof(TrialDiscard)];

    /// <summary>The model holds the seals of its columns: databases with other data keys have models of their own.</summary>
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.ReplaceService<IModelCacheKeyFactory, ModelOfSeals>();

    private Seals SealsOfModel => seals;

    private sealed class ModelOfSeals : IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => (context.GetType(), designTime, ((ApplicationDb)context).SealsOfModel);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasDataKeys();
        modelBuilder.Entity<Application>(application =>
        {
            application.Property(a => a.Id).ValueGeneratedNever();
            application.Property(a => a.Version).IsRowVersion();
            AsSealedJson(application.Property(a => a.Answers));
            AsJson(application.Property(a => a.Documents));
            AsJson(application.Property(a => a.Returned));
            AsJson(application.Property(a => a.Preferences)).HasDefaultValueSql("'[]'");
            AsJson(application.Property(a => a.Place));
            AsJson(application.Property(a => a.Entry));
            AsJson(application.Property(a => a.PaperTicks)).HasDefaultValueSql("'{}'");
            AsSealedJson(application.Property(a => a.Sent));
            AsJson(application.Property(a => a.Missed));
            application.Property(a => a.PersonDocumentType).HasDefaultValue("");
            application.HasMany(a => a.Submissions).WithOne().HasForeignKey(s => s.ApplicationId);
            application.HasMany(a => a.History).WithOne().HasForeignKey(h => h.ApplicationId);
            application.HasIndex(a => new { a.CandidateId, a.ProgrammeCode, a.SessionCode }).IsUnique().HasDatabaseName(OneLive).HasFilter("standing not in ('Abandoned', 'Rejected')");
            application.HasIndex(a => a.CandidateId);
            application.HasIndex(a => new { a.ProgrammeCode, a.SessionCode, a.ProgrammeVersion }).HasFilter("trial").HasDatabaseName("ix_applications_trial");
            application.HasIndex(a => new { a.ProgrammeCode, a.SessionCode, a.ChangedAt }).HasFilter("cleared_at is null and not trial").HasDatabaseName("ix_applications_kept");
            application.HasIndex(a => a.LapsesAt).HasFilter("lapses_at is not null");
            application.HasIndex(a => a.RemindAt).HasFilter("remind_at is not null");
        });
        modelBuilder.Entity<Submission>(submission =>
        {
            submission.HasKey(s => new { s.ApplicationId, s.Number });
            submission.Property(s => s.Number).ValueGeneratedNever();
            AsSealedJson(submission.Property(s => s.Answers));
            AsSealedJson(submission.Property(s => s.Profile));
            AsJson(submission.Property(s => s.Documents));
            AsJson(submission.Property(s => s.Preferences)).HasDefaultValueSql("'[]'");
            AsJson(submission.Property(s => s.Place));
            submission.HasIndex(s => s.VerificationCode).IsUnique();
        });
        modelBuilder.Entity<PrintedForm>(form =>
        {
            form.HasKey(f => new { f.ApplicationId, f.Number });
            form.Property(f => f.Number).ValueGeneratedNever();
            form.Property(f => f.RowVersion).IsRowVersion();
            form.Property(f => f.Sealed).IsSealed();
            form.HasOne<Submission>().WithOne().HasForeignKey<PrintedForm>(f => new { f.ApplicationId, f.Number });
            form.HasIndex(f => f.AskedAt).HasFilter("state = 'Waiting'");
        });
        modelBuilder.Entity<HistoryEntry>().HasIndex(h => new { h.ApplicationId, h.Id });
        modelBuilder.Entity<Profile>(profile =>
        {
            profile.HasKey(p => p.CandidateId);
            profile.Property(p => p.CandidateId).ValueGeneratedNever();
            profile.Property(p => p.Version).IsRowVersion();
            AsSealedJson(profile.Property(p => p.Groups));
        });
        modelBuilder.Entity<PublishedProgramme>().HasKey(p => new { p.Code, p.Version });
        modelBuilder.Entity<RetiredProgramme>().HasKey(r => new { r.Code, r.Version });
        modelBuilder.Entity<LeavingCandidate>(leaving =>
        {
            leaving.HasKey(l => l.CandidateId);
            leaving.Property(l => l.CandidateId).ValueGeneratedNever();
        });
        modelBuilder.Entity<TrialDiscard>().HasKey(d => new { d.ProgrammeCode, d.SessionCode, d.AskedAt });
        modelBuilder.Entity<Beat>().Property(b => b.Id).ValueGeneratedNever();
        modelBuilder.Entity<Outage>().Property(o => o.Id).UseIdentityAlwaysColumn();
        modelBuilder.Entity<PlanPlaces>(places =>
        {
            places.ToTable(table => table.HasCheckConstraint("ck_plan_places_taken", "taken between 0 and quota"));
            places.HasKey(p => new { p.ProgrammeCode, p.SessionCode, p.Batch, p.Base, p.Speciality });
        });
        modelBuilder.Entity<PublicNotice>(notice =>
        {
            notice.Property(n => n.Id).ValueGeneratedNever();
            notice.HasMany(n => n.Rows).WithOne().HasForeignKey(r => r.NoticeId);
            notice.HasIndex(n => new { n.ProgrammeCode, n.Until });
        });
        modelBuilder.Entity<PublicNoticeRow>(row =>
        {
            row.ToTable("public_notice_rows").HasKey(r => new { r.NoticeId, r.Number });
            row.Property(r => r.Number).ValueGeneratedNever();
            row.HasOne<Application>().WithMany().HasForeignKey(r => r.ApplicationId);
        });
        modelBuilder.Entity<Objection>(objection =>
        {
            objection.Property(o => o.Id).ValueGeneratedNever();
            objection.Property(o => o.RowVersion).IsRowVersion();
            objection.Property(o => o.Sealed).IsSealed();
            objection.Property(o => o.SealedAnswer).IsSealed();
            objection.HasOne(o => o.Notice).WithMany().HasForeignKey(o => o.NoticeId);
            objection.HasIndex(o => new { o.NoticeId, o.Key }).IsUnique().HasDatabaseName(OneObjection);
        });
        modelBuilder.Entity<RegisterEntry>(entry =>
        {
            entry.HasKey(e => new { e.Kind, e.Code });
            entry.HasIndex(e => new { e.Kind, e.Initials }).HasOperators("text_ops", "text_pattern_ops");
            entry.HasIndex(e => new { e.Kind, e.Key }).HasOperators("text_ops", "text_pattern_ops");
            entry.HasIndex(e => e.Pieces).HasMethod("gin");
        });
    }

    /// <summary>Values that are replaced whole and looked at whole: compared by their JSON.</summary>
    private static PropertyBuilder<T> AsJson<T>(PropertyBuilder<T> property) => AsJson(property, json => json, text => text);

    /// <summary>The same for what people have filled in: numbers of certificates, addresses, employers. It lies in the column as one sealed text; what was written before it was sealed is read as it is.</summary>
    private PropertyBuilder<T> AsSealedJson<T>(PropertyBuilder<T> property)
    {
        var place = $"{property.Metadata.DeclaringType.ClrType.Name}.{property.Metadata.Name}";
        return AsJson(property, json => JsonSerializer.Serialize(Convert.ToBase64String(seals.SealText(json, place))), text => text.StartsWith('"') ? seals.OpenText(Convert.FromBase64String(JsonSerializer.Deserialize<string>(text)!), place) : text).IsSealed(place);
    }

    private static PropertyBuilder<T> AsJson<T>(PropertyBuilder<T> property, Func<string, string> close, Func<string, string> open) => property.HasColumnType("jsonb").HasConversion(
        value => close(JsonSerializer.Serialize(value, Json)),
        text => JsonSerializer.Deserialize<T>(open(text), Json)!,
        new ValueComparer<T>((a, b) => JsonSerializer.Serialize(a, Json) == JsonSerializer.Serialize(b, Json), value => JsonSerializer.Serialize(value, Json).GetHashCode(StringComparison.Ordinal), value => value));
}
