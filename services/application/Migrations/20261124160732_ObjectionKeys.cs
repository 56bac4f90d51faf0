using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Applications.Migrations
{
    /// <inheritdoc />
    public partial class ObjectionKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_objections_notice_id",
                table: "objections");

            migrationBuilder.AddColumn<string>(
                name: "key",
                table: "objections",
                type: "text",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_objections_one_key",
                table: "objections",
                columns: new[] { "notice_id", "key" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_objections_one_key",
                table: "objections");

            migrationBuilder.DropColumn(
                name: "key",
                table: "objections");

            migrationBuilder.CreateIndex(
                name: "ix_objections_notice_id",
                table: "objections",
                column: "notice_id");
        }
    }
}
