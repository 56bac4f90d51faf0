using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ExamPlatform.Reviews.Migrations
{
    /// <inheritdoc />
    public partial class Trials : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_work_counts",
                table: "work");

            migrationBuilder.DropIndex(
                name: "ix_work_decided",
                table: "work");

            migrationBuilder.DropIndex(
                name: "ix_work_undecided",
                table: "work");

            migrationBuilder.AddColumn<bool>(
                name: "trial",
                table: "work",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            // practice can be thrown away, and only that; what is one stays one
            migrationBuilder.Sql("""
                create function append_only_but_trials() returns trigger language plpgsql as $$ begin
                  if tg_op = 'DELETE' and exists (select from work w where w.id = old.work_id and w.trial) then return old; end if;
                  raise exception '% is append-only', tg_table_name;
                end $$;
                create or replace trigger append_only before update or delete on decisions for each row execute function append_only_but_trials();
                create or replace trigger append_only before update or delete on work_transitions for each row execute function append_only_but_trials();
                create or replace trigger append_only before update or delete on looks for each row execute function append_only_but_trials();
                create function ticks_append_only_but_trials() returns trigger language plpgsql as $$ begin
                  if tg_op = 'DELETE' and exists (select from work w where w.application_id = old.application_id and w.trial) then return old; end if;
                  raise exception '% is append-only', tg_table_name;
                end $$;
                create or replace trigger append_only before update or delete on paper_ticks for each row execute function ticks_append_only_but_trials();
                create function only_trials_go() returns trigger language plpgsql as $$ begin
                  if tg_op = 'DELETE' and old.trial then return old; end if;
                  if tg_op = 'UPDATE' and new.trial = old.trial then return new; end if;
                  raise exception '% is kept, and what is a practice stays one', tg_table_name;
                end $$;
                create trigger only_trials_go before update of trial or delete on work for each row execute function only_trials_go();
                """);

            migrationBuilder.CreateIndex(
                name: "ix_work_counts",
                table: "work",
                columns: new[] { "level", "jurisdiction", "programme_code", "session_code", "stage", "kind", "state", "claimed_until", "trial" })
                .Annotation("Npgsql:CreatedConcurrently", true);

            migrationBuilder.CreateIndex(
                name: "ix_work_decided",
                table: "work",
                columns: new[] { "level", "jurisdiction", "state", "id", "area_path", "stage", "programme_code", "session_code", "kind", "due_at", "trial" },
                filter: "state not in ('Open', 'Claimed')")
                .Annotation("Npgsql:CreatedConcurrently", true)
                .Annotation("Npgsql:IndexOperators", new[] { "text_ops", "text_ops", "text_ops", "uuid_ops", "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_work_undecided",
                table: "work",
                columns: new[] { "level", "jurisdiction", "id", "area_path", "stage", "programme_code", "session_code", "kind", "due_at", "state", "trial" },
                filter: "state in ('Open', 'Claimed')")
                .Annotation("Npgsql:CreatedConcurrently", true)
                .Annotation("Npgsql:IndexOperators", new[] { "text_ops", "text_ops", "uuid_ops", "text_pattern_ops" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                create or replace trigger append_only before update or delete on decisions for each row execute function append_only();
                create or replace trigger append_only before update or delete on work_transitions for each row execute function append_only();
                create or replace trigger append_only before update or delete on looks for each row execute function append_only();
                create or replace trigger append_only before update or delete on paper_ticks for each row execute function append_only();
                drop function append_only_but_trials();
                drop function ticks_append_only_but_trials();
                drop function only_trials_go() cascade;
                """);

            migrationBuilder.DropIndex(
                name: "ix_work_counts",
                table: "work");

            migrationBuilder.DropIndex(
                name: "ix_work_decided",
                table: "work");

            migrationBuilder.DropIndex(
                name: "ix_work_undecided",
                table: "work");

            migrationBuilder.DropColumn(
                name: "trial",
                table: "work");

            migrationBuilder.CreateIndex(
                name: "ix_work_counts",
                table: "work",
                columns: new[] { "level", "jurisdiction", "programme_code", "session_code", "stage", "kind", "state", "claimed_until" });

            migrationBuilder.CreateIndex(
                name: "ix_work_decided",
                table: "work",
                columns: new[] { "level", "jurisdiction", "state", "id", "area_path", "stage", "programme_code", "session_code", "kind", "due_at" },
                filter: "state not in ('Open', 'Claimed')")
                .Annotation("Npgsql:IndexOperators", new[] { "text_ops", "text_ops", "text_ops", "uuid_ops", "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_work_undecided",
                table: "work",
                columns: new[] { "level", "jurisdiction", "id", "area_path", "stage", "programme_code", "session_code", "kind", "due_at", "state" },
                filter: "state in ('Open', 'Claimed')")
                .Annotation("Npgsql:IndexOperators", new[] { "text_ops", "text_ops", "uuid_ops", "text_pattern_ops" });
        }
    }
}
