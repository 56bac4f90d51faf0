using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Notifications.Migrations
{
    /// <inheritdoc />
    public partial class BulkSends : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "bulk_send_id",
                table: "notices",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "bulk_sends",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    programme_code = table.Column<string>(type: "text", nullable: false),
                    session_code = table.Column<string>(type: "text", nullable: false),
                    area_path = table.Column<string>(type: "text", nullable: false),
                    states = table.Column<List<string>>(type: "text[]", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    outside = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    written_by = table.Column<Guid>(type: "uuid", nullable: false),
                    written_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    counted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    after = table.Column<string>(type: "text", nullable: false),
                    people = table.Column<int>(type: "integer", nullable: false),
                    by_sms = table.Column<int>(type: "integer", nullable: false),
                    by_we_chat = table.Column<int>(type: "integer", nullable: false),
                    inbox_only = table.Column<int>(type: "integer", nullable: false),
                    sms_text = table.Column<string>(type: "text", nullable: true),
                    sms_parts = table.Column<int>(type: "integer", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_sends", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "bulk_history",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    bulk_send_id = table.Column<Guid>(type: "uuid", nullable: false),
                    verb = table.Column<string>(type: "text", nullable: false),
                    from = table.Column<string>(type: "text", nullable: false),
                    to = table.Column<string>(type: "text", nullable: false),
                    by = table.Column<Guid>(type: "uuid", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_history", x => x.id);
                    table.ForeignKey(
                        name: "fk_bulk_history_bulk_sends_bulk_send_id",
                        column: x => x.bulk_send_id,
                        principalTable: "bulk_sends",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "bulk_recipients",
                columns: table => new
                {
                    bulk_send_id = table.Column<Guid>(type: "uuid", nullable: false),
                    candidate_id = table.Column<Guid>(type: "uuid", nullable: false),
                    application_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sms = table.Column<bool>(type: "boolean", nullable: false),
                    we_chat = table.Column<bool>(type: "boolean", nullable: false),
                    taken_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_recipients", x => new { x.bulk_send_id, x.candidate_id });
                    table.ForeignKey(
                        name: "fk_bulk_recipients_bulk_sends_bulk_send_id",
                        column: x => x.bulk_send_id,
                        principalTable: "bulk_sends",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_notices_bulk_send_id",
                table: "notices",
                column: "bulk_send_id",
                filter: "bulk_send_id is not null")
                .Annotation("Npgsql:CreatedConcurrently", true);

            migrationBuilder.CreateIndex(
                name: "ix_bulk_history_bulk_send_id",
                table: "bulk_history",
                column: "bulk_send_id");

            migrationBuilder.CreateIndex(
                name: "ix_bulk_recipients_application_id",
                table: "bulk_recipients",
                column: "application_id");

            migrationBuilder.CreateIndex(
                name: "ix_bulk_recipients_candidate_id",
                table: "bulk_recipients",
                column: "candidate_id");

            migrationBuilder.CreateIndex(
                name: "ix_bulk_recipients_left",
                table: "bulk_recipients",
                columns: new[] { "bulk_send_id", "candidate_id" },
                filter: "taken_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_bulk_sends_open",
                table: "bulk_sends",
                column: "id",
                filter: "state in ('Counting', 'Sending')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "bulk_history");

            migrationBuilder.DropTable(
                name: "bulk_recipients");

            migrationBuilder.DropTable(
                name: "bulk_sends");

            migrationBuilder.DropIndex(
                name: "ix_notices_bulk_send_id",
                table: "notices");

            migrationBuilder.DropColumn(
                name: "bulk_send_id",
                table: "notices");
        }
    }
}
