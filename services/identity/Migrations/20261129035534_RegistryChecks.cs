using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Identities.Migrations
{
    /// <inheritdoc />
    public partial class RegistryChecks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "identity_type",
                table: "candidates",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "disability_imports",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    province = table.Column<string>(type: "text", nullable: false),
                    officer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    entries = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_disability_imports", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "face_checks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    secret_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    provider_id = table.Column<string>(type: "text", nullable: false),
                    begun_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_face_checks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "identity_checks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    candidate_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    answer = table.Column<string>(type: "text", nullable: true),
                    wanted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_identity_checks", x => x.id);
                    table.ForeignKey(
                        name: "fk_identity_checks_candidates_candidate_id",
                        column: x => x.candidate_id,
                        principalTable: "candidates",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "imported_certificates",
                columns: table => new
                {
                    certificate_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    province = table.Column<string>(type: "text", nullable: false),
                    sealed_entry = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_imported_certificates", x => x.certificate_hash);
                });

            migrationBuilder.CreateIndex(
                name: "ix_disability_imports_at",
                table: "disability_imports",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_face_checks_expires_at",
                table: "face_checks",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_identity_checks_candidate_id_wanted_at",
                table: "identity_checks",
                columns: new[] { "candidate_id", "wanted_at" });

            migrationBuilder.CreateIndex(
                name: "ix_identity_checks_next_at",
                table: "identity_checks",
                column: "next_at",
                filter: "next_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_imported_certificates_province",
                table: "imported_certificates",
                column: "province");

            // whoever is registered already is checked as well; documents that no register holds are not
            migrationBuilder.Sql("""
                insert into identity_checks (id, candidate_id, state, source, wanted_at, at, tries, next_at)
                select gen_random_uuid(), id, case when known then 'Pending' else 'NotCheckable' end, case when known then 'NationalRegistry' else 'DocumentType' end, now(), now(), 0, case when known then now() end
                from (select id, document_type in ('ResidentId', 'HkMacaoTaiwanResidencePermit', 'ForeignPermanentResidentCard') as known from candidates) people
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "disability_imports");

            migrationBuilder.DropTable(
                name: "face_checks");

            migrationBuilder.DropTable(
                name: "identity_checks");

            migrationBuilder.DropTable(
                name: "imported_certificates");

            migrationBuilder.DropColumn(
                name: "identity_type",
                table: "candidates");
        }
    }
}
