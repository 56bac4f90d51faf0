using System.Text.Json;
using ExamPlatform.Payments.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace ExamPlatform.Payments;

public sealed class PaymentDb(DbContextOptions<PaymentDb> options) : ServiceDb(options)
{
    /// <summary>At most one order of a fee may be live: the rule that nobody pays twice.</summary>
    public const string OneLiveOrder = "one_live_order";

    public DbSet<Fee> Fees => Set<Fee>();
    public DbSet<PaymentOrder> PaymentOrders => Set<PaymentOrder>();
    public DbSet<Refund> Refunds => Set<Refund>();
    public DbSet<LedgerEntry> LedgerEntries => Set<LedgerEntry>();
    public DbSet<Bill> Bills => Set<Bill>();
    public DbSet<BillDifference> BillDifferences => Set<BillDifference>();
    public DbSet<Receipt> Receipts => Set<Receipt>();
    public DbSet<Transition> Transitions => Set<Transition>();
    public DbSet<KnownTrial> KnownTrials => Set<KnownTrial>();
    public DbSet<BankCallback> BankCallbacks => Set<BankCallback>();

    /// <summary>
    /// The fee with its orders and refunds, read fresh under row locks that last as long as the transaction: everything that changes a fee goes through here, so all of it happens one after the other.
    /// </summary>
    public async Task<Fee?> LockFee(Guid id, CancellationToken cancellationToken)
    {
        foreach (var entry in ChangeTracker.Entries().Where(e => e.Entity is not KeptAnswer).ToList()) entry.State = EntityState.Detached;
        var fees = await Fees.FromSql($"select *, xmin from fees where id = {id} for update").ToListAsync(cancellationToken);
        if (fees is not [var fee]) return null;
        // a second statement, because the first one's snapshot is older than its lock
        await PaymentOrders.FromSql($"select *, xmin from payment_orders where fee_id = {id} order by created_at for update").LoadAsync(cancellationToken);
        await Refunds.FromSql($"select *, xmin from refunds where fee_id = {id} order by asked_at for update").LoadAsync(cancellationToken);
        return fee;
    }

    protected override IReadOnlyList<Type> Audited => [typeof(Transition), typeof(LedgerEntry), typeof(BillDifference)];

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasDataKeys();
        modelBuilder.Entity<Fee>(fee =>
        {
            fee.Property(f => f.Id).ValueGeneratedNever();
            fee.Property(f => f.Version).IsRowVersion();
            fee.Property(f => f.Items).HasColumnType("jsonb").HasConversion(items => Write(items), text => Read(text), Items);
            fee.HasIndex(f => f.CandidateId);
            fee.HasIndex(f => f.ApplicationId);
            fee.HasIndex(f => f.SettleAt).HasFilter("settle_at is not null");
            fee.HasMany(f => f.Orders).WithOne().HasForeignKey(o => o.FeeId);
            fee.HasMany(f => f.Refunds).WithOne().HasForeignKey(r => r.FeeId);
            fee.HasMany(f => f.History).WithOne().HasForeignKey(t => t.FeeId);
        });
        modelBuilder.Entity<PaymentOrder>(order =>
        {
            order.Property(o => o.Id).ValueGeneratedNever();
            order.Property(o => o.Version).IsRowVersion();
            order.Property(o => o.Number).HasMaxLength(32);
            order.Property(o => o.Handle).HasColumnType("jsonb").HasConversion(handle => JsonSerializer.Serialize(handle, Messaging.Json), text => JsonSerializer.Deserialize<PayHandle>(text, Messaging.Json));
            order.Ignore(o => o.CodeUrl);
            order.HasIndex(o => o.Number).IsUnique();
            order.HasIndex(o => o.FeeId);
            order.HasIndex([nameof(PaymentOrder.FeeId)], OneLiveOrder).IsUnique().HasFilter("state in ('Opening', 'Open', 'Unknown')");
            order.HasIndex([nameof(PaymentOrder.FeeId)], "one_paid_order").IsUnique().HasFilter("state = 'Paid'");
            order.HasIndex(o => o.NextAskAt).HasFilter("next_ask_at is not null");
        });
        modelBuilder.Entity<Refund>(refund =>
        {
            refund.Property(r => r.Id).ValueGeneratedNever();
            refund.Property(r => r.Version).IsRowVersion();
            refund.Property(r => r.Number).HasMaxLength(32);
            refund.Property(r => r.Reason).HasMaxLength(Refund.ReasonLimit);
            refund.Property(r => r.Note).HasMaxLength(Refund.ReasonLimit);
            refund.HasIndex(r => r.Number).IsUnique();
            refund.HasIndex(r => r.FeeId);
            refund.HasOne<PaymentOrder>().WithMany().HasForeignKey(r => r.OrderId);
            refund.HasIndex(r => r.NextAskAt).HasFilter("next_ask_at is not null");
        });
        modelBuilder.Entity<LedgerEntry>(entry =>
        {
            entry.HasKey(e => new { e.Posting, e.Line });
            entry.HasIndex(e => new { e.Day, e.Account, e.Channel });
        });
        modelBuilder.Entity<Bill>(bill =>
        {
            bill.HasKey(b => new { b.Channel, b.Day });
            bill.Property(b => b.Sealed).IsSealed();
            bill.Property(b => b.Version).IsRowVersion();
        });
        modelBuilder.Entity<BillDifference>(difference =>
        {
            difference.Property(d => d.Id).ValueGeneratedNever();
            difference.Property(d => d.Version).IsRowVersion();
            difference.Property(d => d.Note).HasMaxLength(Refund.ReasonLimit);
            difference.HasIndex(d => new { d.Channel, d.Number, d.RefundNumber, d.Cause, d.Day }).IsUnique().AreNullsDistinct(false);
            difference.HasIndex(d => d.State).HasFilter("state <> 'Settled'");
        });
        modelBuilder.Entity<Receipt>(receipt =>
        {
            receipt.Property(r => r.Id).ValueGeneratedNever();
            receipt.Property(r => r.Serial).UseIdentityAlwaysColumn();
            receipt.HasIndex(r => r.Serial).IsUnique();
            receipt.HasOne<Fee>().WithMany().HasForeignKey(r => r.FeeId);
            receipt.Property(r => r.SealedPage).IsSealed();
            receipt.Property(r => r.SealedPdf).IsSealed();
        });
        modelBuilder.Entity<KnownTrial>(trial =>
        {
            trial.HasKey(t => t.ApplicationId);
            trial.Property(t => t.RowVersion).IsRowVersion();
        });
        modelBuilder.Entity<Transition>().Property(t => t.Id).UseIdentityAlwaysColumn();
        modelBuilder.Entity<BankCallback>(callback =>
        {
            callback.Property(c => c.Id).ValueGeneratedNever();
            callback.Property(c => c.Headers).HasColumnType("jsonb");
            callback.HasIndex(c => new { c.Channel, c.EventId }, "one_effect_per_event").IsUnique().HasFilter("verdict = 'Accepted'");
            callback.HasIndex(c => c.ReceivedAt, "callbacks_left").HasFilter("verdict = 'Received'");
        });
    }

    private static readonly ValueComparer<IReadOnlyList<FeeItem>> Items = new((a, b) => a!.SequenceEqual(b!), items => items.Count, items => items.ToList());

    private static string Write(IReadOnlyList<FeeItem> items) => JsonSerializer.Serialize(items, Messaging.Json);

    private static IReadOnlyList<FeeItem> Read(string text) => JsonSerializer.Deserialize<List<FeeItem>>(text, Messaging.Json)!;
}
