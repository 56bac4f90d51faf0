using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace ExamPlatform.Reviews.Migrations
{
    /// <inheritdoc />
    public partial class RoundsAndKinds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_work_application_id_version_stage",
                table: "work");

            migrationBuilder.DropIndex(
                name: "ix_work_level_area_path_id",
                table: "work");

            migrationBuilder.AddColumn<int>(
                name: "round",
                table: "work",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "passed_over_stage",
                table: "known_applications",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "passed_over_version",
                table: "known_applications",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "round",
                table: "decisions",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "jurisdiction",
                table: "work",
                type: "text",
                nullable: true,
                computedColumnSql: "case level when 'national' then '' when 'area' then substring(area_path from '^[^/]+/') when 'site' then substring(area_path from '^[^/]+/[^/]+/')\nwhen 'point' then substring(area_path from '^[^/]+/[^/]+/[^/]+/') end",
                stored: true);

            migrationBuilder.CreateTable(
                name: "bulk_passes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    officer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    asked = table.Column<int>(type: "integer", nullable: false),
                    passed = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_passes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "paper_ticks",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    application_id = table.Column<Guid>(type: "uuid", nullable: false),
                    paper = table.Column<string>(type: "text", nullable: false),
                    arrived = table.Column<bool>(type: "boolean", nullable: false),
                    officer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_paper_ticks", x => x.id);
                });

            // numbers that no message will ever bring: application counts from 1. The column is new, so no decision is rewritten.
            migrationBuilder.Sql("""
                update work set round = n - 1000 from (select id as numbered, row_number() over (partition by application_id order by id) as n from work) old where id = numbered;
                update work set claimed_by = null, claimed_until = null where state not in ('Open', 'Claimed') and claimed_until is not null;
                alter table decisions disable trigger append_only;
                update decisions d set round = w.round from work w where w.id = d.work_id;
                alter table decisions enable trigger append_only;
                create trigger append_only before update or delete on paper_ticks for each row execute function append_only();
                create trigger append_only before update or delete on bulk_passes for each row execute function append_only();
                -- counting reads the index alone only where vacuum has been: it comes after 1 % of the rows, not 20 %
                alter table work set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);
                """);

            migrationBuilder.CreateIndex(
                name: "ix_work_application_id_round",
                table: "work",
                columns: new[] { "application_id", "round" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_work_counts",
                table: "work",
                columns: new[] { "level", "jurisdiction", "programme_code", "session_code", "stage", "kind", "state", "claimed_until" });

            migrationBuilder.CreateIndex(
                name: "ix_work_decided",
                table: "work",
                columns: new[] { "level", "jurisdiction", "state", "id", "area_path", "stage", "programme_code", "session_code", "kind", "due_at" },
                filter: "state not in ('Open', 'Claimed')")
                .Annotation("Npgsql:IndexOperators", new[] { "text_ops", "text_ops", "text_ops", "uuid_ops", "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_work_passed_over",
                table: "work",
                columns: new[] { "area_path", "id" },
                filter: "voided_for = 'PassedOver'")
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_work_undecided",
                table: "work",
                columns: new[] { "level", "jurisdiction", "id", "area_path", "stage", "programme_code", "session_code", "kind", "due_at", "state" },
                filter: "state in ('Open', 'Claimed')")
                .Annotation("Npgsql:IndexOperators", new[] { "text_ops", "text_ops", "uuid_ops", "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_decisions_application_id",
                table: "decisions",
                column: "application_id");

            migrationBuilder.CreateIndex(
                name: "ix_paper_ticks_application_id_paper",
                table: "paper_ticks",
                columns: new[] { "application_id", "paper" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "bulk_passes");

            migrationBuilder.DropTable(
                name: "paper_ticks");

            migrationBuilder.DropIndex(
                name: "ix_work_application_id_round",
                table: "work");

            migrationBuilder.DropIndex(
                name: "ix_work_counts",
                table: "work");

            migrationBuilder.DropIndex(
                name: "ix_work_decided",
                table: "work");

            migrationBuilder.DropIndex(
                name: "ix_work_passed_over",
                table: "work");

            migrationBuilder.DropIndex(
                name: "ix_work_undecided",
                table: "work");

            migrationBuilder.DropIndex(
                name: "ix_decisions_application_id",
                table: "decisions");

            migrationBuilder.DropColumn(
                name: "jurisdiction",
                table: "work");

            migrationBuilder.DropColumn(
                name: "round",
                table: "work");

            migrationBuilder.DropColumn(
                name: "passed_over_stage",
                table: "known_applications");

            migrationBuilder.DropColumn(
                name: "passed_over_version",
                table: "known_applications");

            migrationBuilder.DropColumn(
                name: "round",
                table: "decisions");

            migrationBuilder.CreateIndex(
                name: "ix_work_application_id_version_stage",
                table: "work",
                columns: new[] { "application_id", "version", "stage" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_work_level_area_path_id",
                table: "work",
                columns: new[] { "level", "area_path", "id" })
                .Annotation("Npgsql:IndexOperators", new[] { "text_ops", "text_pattern_ops", "uuid_ops" });
        }
    }
}
