using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace ExamPlatform.Payments.Migrations
{
    /// <inheritdoc />
    public partial class RefundsAndBooks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "actor_id",
                table: "transitions",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "reason",
                table: "transitions",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "refund_id",
                table: "transitions",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "billed_on",
                table: "payment_orders",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "times_matched",
                table: "payment_orders",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "bill_differences",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    channel = table.Column<string>(type: "text", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    cause = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    refund_number = table.Column<string>(type: "text", nullable: true),
                    order_id = table.Column<Guid>(type: "uuid", nullable: true),
                    billed_in_fen = table.Column<long>(type: "bigint", nullable: false),
                    booked_in_fen = table.Column<long>(type: "bigint", nullable: false),
                    found_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    settled_by = table.Column<Guid>(type: "uuid", nullable: true),
                    note = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    posted = table.Column<bool>(type: "boolean", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bill_differences", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "bills",
                columns: table => new
                {
                    channel = table.Column<string>(type: "text", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    try_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    times_asked = table.Column<int>(type: "integer", nullable: false),
                    reconciled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "bytea", nullable: true),
                    payments = table.Column<int>(type: "integer", nullable: false),
                    paid_in_fen = table.Column<long>(type: "bigint", nullable: false),
                    refunds = table.Column<int>(type: "integer", nullable: false),
                    refunded_in_fen = table.Column<long>(type: "bigint", nullable: false),
                    charges_in_fen = table.Column<long>(type: "bigint", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bills", x => new { x.channel, x.day });
                });

            migrationBuilder.CreateTable(
                name: "data_keys",
                columns: table => new
                {
                    number = table.Column<int>(type: "integer", nullable: false),
                    master = table.Column<string>(type: "text", nullable: false),
                    wrapped = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_keys", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "ledger_entries",
                columns: table => new
                {
                    posting = table.Column<string>(type: "text", nullable: false),
                    line = table.Column<int>(type: "integer", nullable: false),
                    account = table.Column<string>(type: "text", nullable: false),
                    channel = table.Column<string>(type: "text", nullable: false),
                    amount_in_fen = table.Column<long>(type: "bigint", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ledger_entries", x => new { x.posting, x.line });
                });

            migrationBuilder.CreateTable(
                name: "receipts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    fee_id = table.Column<Guid>(type: "uuid", nullable: false),
                    serial = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    made_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sealed_page = table.Column<byte[]>(type: "bytea", nullable: true),
                    sealed_pdf = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_receipts", x => x.id);
                    table.ForeignKey(
                        name: "fk_receipts_fees_fee_id",
                        column: x => x.fee_id,
                        principalTable: "fees",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "refunds",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    fee_id = table.Column<Guid>(type: "uuid", nullable: false),
                    order_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    amount_in_fen = table.Column<long>(type: "bigint", nullable: false),
                    reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    asked_by = table.Column<Guid>(type: "uuid", nullable: true),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    decided_by = table.Column<Guid>(type: "uuid", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    note = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    bank_id = table.Column<string>(type: "text", nullable: true),
                    done_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failed_because = table.Column<string>(type: "text", nullable: true),
                    billed_on = table.Column<DateOnly>(type: "date", nullable: true),
                    next_ask_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    times_asked = table.Column<int>(type: "integer", nullable: false),
                    asked_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_refunds", x => x.id);
                    table.ForeignKey(
                        name: "fk_refunds_fees_fee_id",
                        column: x => x.fee_id,
                        principalTable: "fees",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_refunds_payment_orders_order_id",
                        column: x => x.order_id,
                        principalTable: "payment_orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_bill_differences_channel_number_refund_number_cause_day",
                table: "bill_differences",
                columns: new[] { "channel", "number", "refund_number", "cause", "day" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_bill_differences_state",
                table: "bill_differences",
                column: "state",
                filter: "state <> 'Settled'");

            migrationBuilder.CreateIndex(
                name: "ix_ledger_entries_day_account_channel",
                table: "ledger_entries",
                columns: new[] { "day", "account", "channel" });

            migrationBuilder.CreateIndex(
                name: "ix_receipts_fee_id",
                table: "receipts",
                column: "fee_id");

            migrationBuilder.CreateIndex(
                name: "ix_receipts_serial",
                table: "receipts",
                column: "serial",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_refunds_fee_id",
                table: "refunds",
                column: "fee_id");

            migrationBuilder.CreateIndex(
                name: "ix_refunds_next_ask_at",
                table: "refunds",
                column: "next_ask_at",
                filter: "next_ask_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_refunds_number",
                table: "refunds",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_refunds_order_id",
                table: "refunds",
                column: "order_id");

            // what orders of before brought in is posted once, and money of theirs that paid for nothing goes back
            migrationBuilder.Sql("""
                insert into ledger_entries (posting, line, account, channel, amount_in_fen, day, posted_at)
                  select 'paid:' || replace(o.id::text, '-', '') || ':0', side.line, case when side.line = 1 then 'Bank' when o.state = 'Paid' then 'ExamFees' else 'OwedBack' end, 'wechat-pay',
                    case when side.line = 1 then o.amount_in_fen else -o.amount_in_fen end, (o.paid_at at time zone 'Asia/Shanghai')::date, now()
                  from payment_orders o join fees f on f.id = o.fee_id cross join (values (1), (2)) as side (line) where o.state in ('Paid', 'Surplus') and not f.trial;
                insert into refunds (id, fee_id, order_id, number, amount_in_fen, asked_at, state, next_ask_at, times_asked, asked_from)
                  select o.id, o.fee_id, o.id, replace(o.id::text, '-', ''), o.amount_in_fen, now(), 'Approved', now(), 0, now()
                  from payment_orders o join fees f on f.id = o.fee_id where o.state = 'Surplus' and not f.trial;
                create function posting_balances() returns trigger language plpgsql as $$ begin
                  if (select sum(amount_in_fen) <> 0 or count(*) < 2 from ledger_entries where posting = new.posting) then raise exception 'posting % does not balance', new.posting; end if;
                  return null;
                end $$;
                create constraint trigger balances after insert on ledger_entries deferrable initially deferred for each row execute function posting_balances();
                create function append_only() returns trigger language plpgsql as $$ begin raise exception '% is append-only', tg_table_name; end $$;
                create trigger append_only before update or delete on ledger_entries for each row execute function append_only();
                create trigger never_emptied before truncate on ledger_entries for each statement execute function append_only();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop function posting_balances() cascade; drop function append_only() cascade");
            migrationBuilder.DropTable(
                name: "bill_differences");

            migrationBuilder.DropTable(
                name: "bills");

            migrationBuilder.DropTable(
                name: "data_keys");

            migrationBuilder.DropTable(
                name: "ledger_entries");

            migrationBuilder.DropTable(
                name: "receipts");

            migrationBuilder.DropTable(
                name: "refunds");

            migrationBuilder.DropColumn(
                name: "actor_id",
                table: "transitions");

            migrationBuilder.DropColumn(
                name: "reason",
                table: "transitions");

            migrationBuilder.DropColumn(
                name: "refund_id",
                table: "transitions");

            migrationBuilder.DropColumn(
                name: "billed_on",
                table: "payment_orders");

            migrationBuilder.DropColumn(
                name: "times_matched",
                table: "payment_orders");
        }
    }
}
