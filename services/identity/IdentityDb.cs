using Microsoft.EntityFrameworkCore;

namespace ExamPlatform.Identities;

public sealed class IdentityDb(DbContextOptions<IdentityDb> options) : ServiceDb(options)
{
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<Candidate> Candidates => Set<Candidate>();
    public DbSet<Officer> Officers => Set<Officer>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();
    public DbSet<SignInRecord> SignIns => Set<SignInRecord>();
    public DbSet<FailedSignIns> FailedSignIns => Set<FailedSignIns>();
    public DbSet<DisabilityCheck> DisabilityChecks => Set<DisabilityCheck>();
    public DbSet<ImportedCertificate> ImportedCertificates => Set<ImportedCertificate>();
    public DbSet<DisabilityImport> DisabilityImports => Set<DisabilityImport>();
    public DbSet<IdentityCheck> IdentityChecks => Set<IdentityCheck>();
    public DbSet<Consent> Consents => Set<Consent>();
    public DbSet<PersonLook> PersonLooks => Set<PersonLook>();
    public DbSet<DisplayChoice> DisplayChoices => Set<DisplayChoice>();
    public DbSet<DeviceSignIn> DeviceSignIns => Set<DeviceSignIn>();
    public DbSet<SmsCode> SmsCodes => Set<SmsCode>();
    public DbSet<FaceCheck> FaceChecks => Set<FaceCheck>();
    public DbSet<SecurityAnswer> SecurityAnswers => Set<SecurityAnswer>();
    public DbSet<PasswordReset> PasswordResets => Set<PasswordReset>();
    public DbSet<IdentityCorrection> IdentityCorrections => Set<IdentityCorrection>();
    public DbSet<AccountDeletion> AccountDeletions => Set<AccountDeletion>();
    public DbSet<KnownPlace> KnownPlaces => Set<KnownPlace>();
    public DbSet<SecondFactor> SecondFactors => Set<SecondFactor>();
    public DbSet<Passkey> Passkeys => Set<Passkey>();
    public DbSet<FormerMobile> FormerMobiles => Set<FormerMobile>();
    public DbSet<OfficerChange> OfficerChanges => Set<OfficerChange>();
    public DbSet<CountedUse> CountedUses => Set<CountedUse>();
    public DbSet<Binding> Bindings => Set<Binding>();
    public DbSet<BindingRequest> BindingRequests => Set<BindingRequest>();
    public DbSet<Follower> Followers => Set<Follower>();
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    protected override IReadOnlyList<Type> Audited => [typeof(Officer), typeof(SignInRecord), typeof(PersonLook), typeof(Consent), typeof(DisabilityCheck), typeof(IdentityCheck), typeof(DisabilityImport), typeof(PasswordReset), typeof(IdentityCorrection), typeof(OfficerChange), typeof(AccountDeletion)];

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasDataKeys();
        modelBuilder.HasOwnerKeys();
        modelBuilder.Entity<Account>(account =>
        {
            account.HasQueryFilter(a => a.ClosedAt == null);
            account.HasIndex(a => a.UserName).IsUnique();
            account.Property(a => a.Version).IsRowVersion();
        });
        modelBuilder.Entity<Candidate>(candidate =>
        {
            candidate.HasQueryFilter(c => c.ForgottenAt == null);
            candidate.HasOne<Account>().WithOne().HasForeignKey<Candidate>(c => c.Id);
            candidate.HasIndex(c => new { c.DocumentType, c.DocumentHash }).IsUnique();
            candidate.HasIndex(c => c.MobileHash);
            candidate.Property(c => c.SealedIdentity).IsSealed();
            candidate.Property(c => c.SealedMobile).IsSealed();
            candidate.Property(c => c.Version).IsRowVersion();
        });
        modelBuilder.Entity<Officer>().HasOne<Account>().WithOne().HasForeignKey<Officer>(o => o.Id);
        modelBuilder.Entity<Session>(session =>
        {
            session.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId);
            session.Property(s => s.Address).HasDefaultValue("");
            session.Property(s => s.Agent).HasDefaultValue("");
            session.Property(s => s.Version).IsRowVersion();
        });
        modelBuilder.Entity<RefreshToken>(token =>
        {
            token.HasOne<Session>().WithMany().HasForeignKey(t => t.SessionId);
            token.HasIndex(t => t.Hash).IsUnique();
            token.Property(t => t.Version).IsRowVersion();
        });
        modelBuilder.Entity<SignInRecord>().ToTable("sign_ins").HasIndex(s => new { s.AccountId, s.At });
        modelBuilder.Entity<FailedSignIns>().ToTable("failed_sign_ins").HasKey(f => f.Key);
        modelBuilder.Entity<DisabilityCheck>(check =>
        {
            check.HasOne<Candidate>().WithMany().HasForeignKey(c => c.CandidateId);
            check.HasIndex(c => new { c.CandidateId, c.At });
        });
        modelBuilder.Entity<ImportedCertificate>(imported =>
        {
            imported.Property(x => x.SealedEntry).IsSealed();
            imported.HasKey(c => c.CertificateHash);
            imported.HasIndex(c => c.Province);
        });
        modelBuilder.Entity<DisabilityImport>().HasIndex(i => i.At);
        modelBuilder.Entity<IdentityCheck>(check =>
        {
            check.HasOne<Candidate>().WithMany().HasForeignKey(c => c.CandidateId);
            check.HasIndex(c => new { c.CandidateId, c.WantedAt });
            check.HasIndex(c => c.NextAt).HasFilter("next_at is not null");
        });
        modelBuilder.Entity<Consent>(consent =>
        {
            consent.HasKey(c => c.DocumentId); // one scan speaks for one person
            consent.HasOne<Candidate>().WithMany().HasForeignKey(c => c.CandidateId);
        });
        modelBuilder.Entity<PersonLook>(look =>
        {
            look.HasOne<Candidate>().WithMany().HasForeignKey(l => l.CandidateId);
            look.HasIndex(l => new { l.CandidateId, l.At });
        });
        modelBuilder.Entity<DisplayChoice>(display =>
        {
            display.HasKey(d => d.AccountId);
            display.HasOne<Account>().WithOne().HasForeignKey<DisplayChoice>(d => d.AccountId);
        });
        modelBuilder.Entity<DeviceSignIn>(device =>
        {
            device.HasOne<Account>().WithMany().HasForeignKey(d => d.AccountId);
            device.HasIndex(d => d.SecretHash).IsUnique();
            device.HasIndex(d => d.Code);
            device.Property(d => d.Version).IsRowVersion();
        });
        modelBuilder.Entity<SmsCode>(code =>
        {
            code.Property(c => c.SealedMobile).IsSealed();
            code.HasIndex(c => c.ExpiresAt);
            code.HasIndex(c => c.AccountId);
            code.Property(c => c.Version).IsRowVersion();
        });
        modelBuilder.Entity<FaceCheck>(check =>
        {
            check.HasIndex(c => c.ExpiresAt);
            check.Property(c => c.Version).IsRowVersion();
        });
        modelBuilder.Entity<SecurityAnswer>(answer =>
        {
            answer.HasKey(a => a.AccountId);
            answer.HasOne<Account>().WithOne().HasForeignKey<SecurityAnswer>(a => a.AccountId);
        });
        modelBuilder.Entity<PasswordReset>(reset =>
        {
            reset.HasOne<Candidate>().WithMany().HasForeignKey(r => r.CandidateId);
            reset.Property(r => r.SealedReason).IsSealed();
            reset.HasIndex(r => r.EvidenceDocumentId).IsUnique();
        });
        modelBuilder.Entity<IdentityCorrection>(correction =>
        {
            correction.HasOne<Candidate>().WithMany().HasForeignKey(c => c.CandidateId);
            correction.Property(c => c.Sealed).IsSealed();
            correction.HasIndex(c => c.EvidenceDocumentId).IsUnique();
        });
        modelBuilder.Entity<AccountDeletion>(deletion =>
        {
            deletion.HasKey(d => d.AccountId);
            deletion.HasOne<Account>().WithOne().HasForeignKey<AccountDeletion>(d => d.AccountId);
            deletion.HasIndex(d => d.AccountId, "ix_account_deletions_waiting").HasFilter("carried_out_at is null");
            deletion.Property(d => d.Version).IsRowVersion();
        });
        modelBuilder.Entity<KnownPlace>().HasKey(p => new { p.CandidateId, p.AreaPath });
        modelBuilder.Entity<SecondFactor>(factor =>
        {
            factor.HasKey(f => f.AccountId);
            factor.Property(f => f.SealedSecret).IsSealed();
            factor.HasOne<Account>().WithOne().HasForeignKey<SecondFactor>(f => f.AccountId);
            factor.Property(f => f.Version).IsRowVersion();
        });
        modelBuilder.Entity<OfficerChange>(change =>
        {
            change.HasOne<Officer>().WithMany().HasForeignKey(c => c.OfficerId);
            change.Property(c => c.SealedReason).IsSealed();
        });
        modelBuilder.Entity<Passkey>(passkey =>
        {
            passkey.HasOne<Account>().WithMany().HasForeignKey(p => p.AccountId);
            passkey.HasIndex(p => p.CredentialId).IsUnique();
            passkey.Property(p => p.Version).IsRowVersion();
        });
        modelBuilder.Entity<FormerMobile>(former =>
        {
            former.HasOne<Candidate>().WithMany().HasForeignKey(f => f.CandidateId);
            former.Property(f => f.SealedMobile).IsSealed();
            former.HasIndex(f => new { f.CandidateId, f.Until });
        });
        modelBuilder.Entity<Binding>(binding =>
        {
            binding.Property(x => x.SealedPerson).IsSealed();
            binding.Property(x => x.SealedOpenIds).IsSealed();
            binding.HasOne<Account>().WithMany().HasForeignKey(b => b.AccountId);
            binding.HasIndex(b => new { b.AccountId, b.Kind }).IsUnique();
            binding.HasIndex(b => new { b.Kind, b.PersonHash }).IsUnique();
        });
        modelBuilder.Entity<BindingRequest>(request =>
        {
            request.Property(x => x.SealedOffer).IsSealed();
            request.HasKey(r => r.AccountId);
            request.HasOne<Account>().WithOne().HasForeignKey<BindingRequest>(r => r.AccountId);
            request.HasIndex(r => r.SecretHash).IsUnique();
            request.HasIndex(r => r.DigitsHash);
            request.Property(r => r.Version).IsRowVersion();
        });
        modelBuilder.Entity<Follower>(follower =>
        {
            follower.Property(x => x.SealedId).IsSealed();
            follower.HasKey(f => f.Hash);
            follower.HasIndex(f => f.PersonHash);
        });
        modelBuilder.Entity<CountedUse>(use =>
        {
            use.HasKey(u => u.Key);
            use.HasIndex(u => u.EndsAt);
        });
        modelBuilder.Entity<SigningKey>(key =>
        {
            key.HasKey(k => k.Kid);
            key.Property(k => k.SealedKey).IsSealed();
            key.HasIndex(k => k.Current).IsUnique().HasFilter("current");
        });
    }
}
