using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Applications.Migrations
{
    /// <inheritdoc />
    public partial class CounterEntries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "entry",
                table: "applications",
                type: "jsonb",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "entry",
                table: "applications");
        }
    }
}
