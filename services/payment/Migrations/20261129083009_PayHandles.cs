using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Payments.Migrations
{
    /// <inheritdoc />
    public partial class PayHandles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "handle",
                table: "payment_orders",
                type: "jsonb",
                nullable: true);

            migrationBuilder.Sql("update payment_orders set handle = jsonb_build_object('kind', 'code', 'value', code_url) where code_url is not null");

            migrationBuilder.DropColumn(
                name: "code_url",
                table: "payment_orders");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "code_url",
                table: "payment_orders",
                type: "text",
                nullable: true);

            migrationBuilder.Sql("update payment_orders set code_url = handle ->> 'value' where handle ->> 'kind' = 'code'");

            migrationBuilder.DropColumn(
                name: "handle",
                table: "payment_orders");
        }
    }
}
