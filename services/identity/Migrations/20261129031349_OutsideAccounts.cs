using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Identities.Migrations
{
    /// <inheritdoc />
    public partial class OutsideAccounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "binding_requests",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    secret_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    digits_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    sealed_offer = table.Column<byte[]>(type: "bytea", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_binding_requests", x => x.account_id);
                    table.ForeignKey(
                        name: "fk_binding_requests_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "bindings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    person_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    sealed_person = table.Column<byte[]>(type: "bytea", nullable: false),
                    follower_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    bound_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bindings", x => x.id);
                    table.ForeignKey(
                        name: "fk_bindings_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "followers",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    person_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    sealed_id = table.Column<byte[]>(type: "bytea", nullable: false),
                    follows = table.Column<bool>(type: "boolean", nullable: false),
                    told_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_followers", x => x.hash);
                });

            migrationBuilder.CreateIndex(
                name: "ix_binding_requests_digits_hash",
                table: "binding_requests",
                column: "digits_hash");

            migrationBuilder.CreateIndex(
                name: "ix_binding_requests_secret_hash",
                table: "binding_requests",
                column: "secret_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_bindings_account_id_kind",
                table: "bindings",
                columns: new[] { "account_id", "kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_bindings_kind_person_hash",
                table: "bindings",
                columns: new[] { "kind", "person_hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_followers_person_hash",
                table: "followers",
                column: "person_hash");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "binding_requests");

            migrationBuilder.DropTable(
                name: "bindings");

            migrationBuilder.DropTable(
                name: "followers");
        }
    }
}
