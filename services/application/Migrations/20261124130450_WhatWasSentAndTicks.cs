using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Applications.Migrations
{
    /// <inheritdoc />
    public partial class WhatWasSentAndTicks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "edition",
                table: "applications",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "missed",
                table: "applications",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "sent",
                table: "applications",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "paper_ticks",
                table: "applications",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.Sql("""
                update applications a set sent = jsonb_build_object('area', s.area_code, 'site', s.site_code, 'answers', s.answers)
                from submissions s where s.application_id = a.id and s.number = a.submitted
                """);

            // papers_arrived stays until nothing reads it any more
            migrationBuilder.Sql("""
                update applications set paper_ticks = (select jsonb_object_agg(key, jsonb_build_object('arrived', true, 'at', value)) from jsonb_each(papers_arrived))
                where papers_arrived <> '{}'
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "edition",
                table: "applications");

            migrationBuilder.DropColumn(
                name: "missed",
                table: "applications");

            migrationBuilder.DropColumn(
                name: "sent",
                table: "applications");

            migrationBuilder.DropColumn(
                name: "paper_ticks",
                table: "applications");
        }
    }
}
