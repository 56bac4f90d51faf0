using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Reviews.Migrations
{
    /// <inheritdoc />
    public partial class DaysAndExports : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "decided_at",
                table: "work",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "decided_by",
                table: "work",
                type: "uuid",
                nullable: true);

            // what was decided before is counted on its day too
            migrationBuilder.Sql("update work w set decided_at = d.at, decided_by = d.officer_id from decisions d where d.work_id = w.id;");

            migrationBuilder.CreateTable(
                name: "work_exports",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    officer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    level = table.Column<string>(type: "text", nullable: false),
                    area_path = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    format = table.Column<string>(type: "text", nullable: false),
                    purpose = table.Column<string>(type: "text", nullable: false),
                    filters = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_work_exports", x => x.id);
                });

            migrationBuilder.Sql("create trigger append_only before update or delete on work_exports for each row execute function append_only();");

            migrationBuilder.CreateIndex(
                name: "ix_work_arrivals",
                table: "work",
                columns: new[] { "level", "jurisdiction", "trial", "opened_at" })
                .Annotation("Npgsql:CreatedConcurrently", true)
                .Annotation("Npgsql:IndexInclude", new[] { "programme_code", "session_code", "stage", "kind" });

            migrationBuilder.CreateIndex(
                name: "ix_work_decisions",
                table: "work",
                columns: new[] { "level", "jurisdiction", "trial", "decided_at" },
                filter: "decided_at is not null")
                .Annotation("Npgsql:CreatedConcurrently", true)
                .Annotation("Npgsql:IndexInclude", new[] { "programme_code", "session_code", "stage", "kind", "state", "decided_by" });

            migrationBuilder.CreateIndex(
                name: "ix_work_exports_area_path_id",
                table: "work_exports",
                columns: new[] { "area_path", "id" })
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "work_exports");

            migrationBuilder.DropIndex(
                name: "ix_work_arrivals",
                table: "work");

            migrationBuilder.DropIndex(
                name: "ix_work_decisions",
                table: "work");

            migrationBuilder.DropColumn(
                name: "decided_at",
                table: "work");

            migrationBuilder.DropColumn(
                name: "decided_by",
                table: "work");
        }
    }
}
