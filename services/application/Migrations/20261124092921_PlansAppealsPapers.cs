using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Applications.Migrations
{
    /// <inheritdoc />
    public partial class PlansAppealsPapers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "place",
                table: "submissions",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "preferences",
                table: "submissions",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.AddColumn<string>(
                name: "papers_arrived",
                table: "applications",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "person_document_type",
                table: "applications",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "place",
                table: "applications",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "preferences",
                table: "applications",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.AddColumn<int>(
                name: "round",
                table: "applications",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "plan_places",
                columns: table => new
                {
                    programme_code = table.Column<string>(type: "text", nullable: false),
                    session_code = table.Column<string>(type: "text", nullable: false),
                    batch = table.Column<string>(type: "text", nullable: false),
                    @base = table.Column<string>(name: "base", type: "text", nullable: false),
                    speciality = table.Column<string>(type: "text", nullable: false),
                    quota = table.Column<int>(type: "integer", nullable: false),
                    taken = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plan_places", x => new { x.programme_code, x.session_code, x.batch, x.@base, x.speciality });
                    table.CheckConstraint("ck_plan_places_taken", "taken between 0 and quota");
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "plan_places");

            migrationBuilder.DropColumn(
                name: "place",
                table: "submissions");

            migrationBuilder.DropColumn(
                name: "preferences",
                table: "submissions");

            migrationBuilder.DropColumn(
                name: "papers_arrived",
                table: "applications");

            migrationBuilder.DropColumn(
                name: "person_document_type",
                table: "applications");

            migrationBuilder.DropColumn(
                name: "place",
                table: "applications");

            migrationBuilder.DropColumn(
                name: "preferences",
                table: "applications");

            migrationBuilder.DropColumn(
                name: "round",
                table: "applications");
        }
    }
}
