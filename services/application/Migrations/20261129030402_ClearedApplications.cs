using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Applications.Migrations
{
    /// <inheritdoc />
    public partial class ClearedApplications : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "cleared_at",
                table: "applications",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "leaving_candidates",
                columns: table => new
                {
                    candidate_id = table.Column<Guid>(type: "uuid", nullable: false),
                    leaving = table.Column<bool>(type: "boolean", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leaving_candidates", x => x.candidate_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_applications_kept",
                table: "applications",
                columns: new[] { "programme_code", "session_code", "changed_at" },
                filter: "cleared_at is null and not trial");

            // what was sent in goes with the person; which application it was, what became of it and who decided stay
            migrationBuilder.Sql("""
                create function append_only_but_cleared() returns trigger language plpgsql as $$ begin
                  if tg_op = 'DELETE' and exists (select from applications a where a.id = old.application_id and (a.trial or a.cleared_at is not null)) then return old; end if;
                  raise exception '% is append-only', tg_table_name;
                end $$;
                create or replace trigger append_only before update or delete on submissions for each row execute function append_only_but_cleared();
                create function cleared_stays() returns trigger language plpgsql as $$ begin
                  if old.cleared_at is not null and new.cleared_at is distinct from old.cleared_at then raise exception 'what was cleared stays so'; end if;
                  return new;
                end $$;
                create trigger cleared_stays before update of cleared_at on applications for each row execute function cleared_stays();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                create or replace trigger append_only before update or delete on submissions for each row execute function append_only_but_trials();
                drop function append_only_but_cleared();
                drop function cleared_stays() cascade;
                """);
            migrationBuilder.DropTable(
                name: "leaving_candidates");

            migrationBuilder.DropIndex(
                name: "ix_applications_kept",
                table: "applications");

            migrationBuilder.DropColumn(
                name: "cleared_at",
                table: "applications");
        }
    }
}
