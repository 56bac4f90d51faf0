using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Notifications.Migrations
{
    /// <inheritdoc />
    public partial class RepliesAndReplyWord : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "reply_word",
                table: "notices",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "sms_replies",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence_id = table.Column<string>(type: "text", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "bytea", nullable: true),
                    taken_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    candidates = table.Column<int>(type: "integer", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    trace_parent = table.Column<string>(type: "text", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_replies", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_sms_replies_next_attempt_at",
                table: "sms_replies",
                column: "next_attempt_at",
                filter: "taken_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_sms_replies_sequence_id",
                table: "sms_replies",
                column: "sequence_id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sms_replies");

            migrationBuilder.DropColumn(
                name: "reply_word",
                table: "notices");
        }
    }
}
