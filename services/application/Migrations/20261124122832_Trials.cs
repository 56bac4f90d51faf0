using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Applications.Migrations
{
    /// <inheritdoc />
    public partial class Trials : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "trial",
                table: "applications",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "trial_discards",
                columns: table => new
                {
                    programme_code = table.Column<string>(type: "text", nullable: false),
                    session_code = table.Column<string>(type: "text", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    asked_by = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_trial_discards", x => new { x.programme_code, x.session_code, x.asked_at });
                });

            migrationBuilder.CreateIndex(
                name: "ix_applications_trial",
                table: "applications",
                columns: new[] { "programme_code", "session_code", "programme_version" },
                filter: "trial");

            // practice can be thrown away, and only that; what is one stays one
            migrationBuilder.Sql("""
                create function append_only_but_trials() returns trigger language plpgsql as $$ begin
                  if tg_op = 'DELETE' and exists (select from applications a where a.id = old.application_id and a.trial) then return old; end if;
                  raise exception '% is append-only', tg_table_name;
                end $$;
                create or replace trigger append_only before update or delete on submissions for each row execute function append_only_but_trials();
                create or replace trigger append_only before update or delete on history for each row execute function append_only_but_trials();
                create function only_trials_go() returns trigger language plpgsql as $$ begin
                  if tg_op = 'DELETE' and old.trial then return old; end if;
                  if tg_op = 'UPDATE' and new.trial = old.trial then return new; end if;
                  raise exception '% are kept, and what is a practice stays one', tg_table_name;
                end $$;
                create trigger only_trials_go before update of trial or delete on applications for each row execute function only_trials_go();
                create trigger append_only before update or delete on trial_discards for each row execute function append_only();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                create or replace trigger append_only before update or delete on submissions for each row execute function append_only();
                create or replace trigger append_only before update or delete on history for each row execute function append_only();
                drop function append_only_but_trials();
                drop function only_trials_go() cascade;
                """);
            migrationBuilder.DropTable(
                name: "trial_discards");

            migrationBuilder.DropIndex(
                name: "ix_applications_trial",
                table: "applications");

            migrationBuilder.DropColumn(
                name: "trial",
                table: "applications");
        }
    }
}
