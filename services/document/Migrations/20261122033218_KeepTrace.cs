using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Documents.Migrations
{
    /// <inheritdoc />
    public partial class KeepTrace : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "trace_parent",
                table: "documents",
                type: "text",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "trace_parent",
                table: "documents");
        }
    }
}
